ALTER TABLE "contact" ADD COLUMN "claimed" text;--> statement-breakpoint
UPDATE "contact" SET "claimed" = (
	SELECT CASE count(*) WHEN 2 THEN 'both' ELSE min(i."kind") END FROM "identifier" i
	WHERE i."workspace_id" = "contact"."workspace_id" AND i."contact_id" = "contact"."id" AND CASE i."kind"
		WHEN 'email' THEN i."value" = "contact"."email" AND coalesce("contact"."released", 'phone') = 'phone'
		ELSE i."value" = "contact"."phone_number" AND coalesce("contact"."released", 'email') = 'email'
	END
);--> statement-breakpoint
CREATE UNIQUE INDEX "contact_email_key" ON "contact" USING btree ("workspace_id","email") WHERE "contact"."claimed" in ('email', 'both');--> statement-breakpoint
CREATE UNIQUE INDEX "contact_phone_number_key" ON "contact" USING btree ("workspace_id","phone_number") WHERE "contact"."claimed" in ('phone', 'both');--> statement-breakpoint
ALTER TABLE "contact" ADD CONSTRAINT "contact_claimed_is_known" CHECK ("contact"."claimed" in ('email', 'phone', 'both'));--> statement-breakpoint
ALTER TABLE "contact" ADD CONSTRAINT "contact_claims_what_links_it" CHECK (("contact"."claimed" not in ('email', 'both') or ("contact"."email" is not null and coalesce("contact"."released", 'phone') = 'phone'))
        and ("contact"."claimed" not in ('phone', 'both') or ("contact"."phone_number" is not null and coalesce("contact"."released", 'email') = 'email')));--> statement-breakpoint
DROP TABLE "identifier";