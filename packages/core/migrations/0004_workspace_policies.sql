-- One workspace at a time where identity.workspace says which; all where it is not set. FORCE: for the owner, too.
ALTER TABLE "contact" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "contact" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "one_workspace" ON "contact" USING ("workspace_id" = coalesce((select nullif(current_setting('identity.workspace', true), '')::integer), "workspace_id"));--> statement-breakpoint
ALTER TABLE "identifier" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "identifier" FORCE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "one_workspace" ON "identifier" USING ("workspace_id" = coalesce((select nullif(current_setting('identity.workspace', true), '')::integer), "workspace_id"));
