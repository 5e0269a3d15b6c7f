-- The workspace that every installation starts with.
INSERT INTO "workspace" ("id", "name") VALUES (1, 'default') ON CONFLICT DO NOTHING;
