ALTER TABLE "contact" DROP CONSTRAINT "contact_workspace_id_workspace_id_fk";
