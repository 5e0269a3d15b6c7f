CREATE TABLE "subject" (
	"workspace_id" integer NOT NULL,
	"contact_id" bigint NOT NULL,
	"change_id" bigint NOT NULL,
	CONSTRAINT "subject_workspace_id_contact_id_change_id_pk" PRIMARY KEY("workspace_id","contact_id","change_id")
);
--> statement-breakpoint
ALTER TABLE "change" ADD COLUMN "first_contact_id" bigint;--> statement-breakpoint
ALTER TABLE "change" ADD COLUMN "last_contact_id" bigint;--> statement-breakpoint
CREATE INDEX "subject_change_id_idx" ON "subject" USING btree ("workspace_id","change_id");--> statement-breakpoint
CREATE INDEX "change_first_contact_id_idx" ON "change" USING btree ("workspace_id","first_contact_id") WHERE "change"."first_contact_id" is not null;--> statement-breakpoint
CREATE INDEX "contact_released_email_idx" ON "contact" USING btree ("workspace_id","email") WHERE "contact"."released" in ('email', 'both');--> statement-breakpoint
CREATE INDEX "contact_released_phone_idx" ON "contact" USING btree ("workspace_id","phone_number") WHERE "contact"."released" in ('phone', 'both');--> statement-breakpoint
CREATE INDEX "identifier_contact_id_idx" ON "identifier" USING btree ("workspace_id","contact_id");--> statement-breakpoint
ALTER TABLE "subject" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "subject" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "one_workspace" ON "subject" USING ("workspace_id" = coalesce((select nullif(current_setting('identity.workspace', true), '')::integer), "workspace_id"));--> statement-breakpoint
-- What is in the log already: [type, actor, request id, person id, contact id] or [.., person id, absorbed, ..].
UPDATE "change" SET "first_contact_id" = "added"."first", "last_contact_id" = "added"."last"
FROM (
	SELECT "workspace_id", "id", min(("event" ->> 4)::bigint) AS "first", max(("event" ->> 4)::bigint) AS "last"
	FROM "change", jsonb_array_elements("events") AS "event"
	WHERE "event" ->> 0 IN ('person.created', 'contact.added')
	GROUP BY "workspace_id", "id"
) AS "added"
WHERE "change"."workspace_id" = "added"."workspace_id" AND "change"."id" = "added"."id";--> statement-breakpoint
INSERT INTO "subject" ("workspace_id", "contact_id", "change_id")
SELECT "workspace_id", "person"."id", "change"."id"
FROM "change", jsonb_array_elements("events") AS "event", LATERAL (
	SELECT ("event" ->> 3)::bigint AS "id"
	UNION ALL
	SELECT "absorbed"::bigint FROM jsonb_array_elements_text("event" -> 4) AS "absorbed"
) AS "person"
WHERE "event" ->> 0 = 'persons.merged'
ON CONFLICT DO NOTHING;
