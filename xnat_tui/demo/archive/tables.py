"""The tables of the archive's database, as one script; their meaning is told where they are used."""

TABLES = """
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, last INTEGER NOT NULL);

CREATE TABLE IF NOT EXISTS users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    login TEXT NOT NULL UNIQUE,
    salt BLOB NOT NULL,
    password BLOB NOT NULL,
    firstname TEXT NOT NULL,
    lastname TEXT NOT NULL,
    email TEXT NOT NULL,
    admin INTEGER NOT NULL,
    enabled INTEGER NOT NULL DEFAULT 1
);

CREATE TABLE IF NOT EXISTS tokens (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    alias TEXT NOT NULL UNIQUE,
    secret TEXT NOT NULL,
    login TEXT NOT NULL REFERENCES users(login) ON DELETE CASCADE,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
);

CREATE TABLE IF NOT EXISTS projects (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    secondary_id TEXT NOT NULL,
    description TEXT NOT NULL,
    keywords TEXT NOT NULL,
    pi_firstname TEXT NOT NULL,
    pi_lastname TEXT NOT NULL,
    accessibility TEXT NOT NULL,
    prearchive_code INTEGER NOT NULL DEFAULT 4,
    quarantine_code INTEGER NOT NULL DEFAULT 0,
    current_arc TEXT NOT NULL DEFAULT 'arc001',
    investigators TEXT NOT NULL,
    fields TEXT NOT NULL,
    insert_date TEXT NOT NULL,
    insert_user TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS deleted_projects (id TEXT PRIMARY KEY COLLATE NOCASE);
CREATE TABLE IF NOT EXISTS aliases (
    alias TEXT PRIMARY KEY COLLATE NOCASE,
    project TEXT NOT NULL REFERENCES projects(id) ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS members (
    project TEXT NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    login TEXT NOT NULL REFERENCES users(login) ON DELETE CASCADE,
    role TEXT NOT NULL,
    PRIMARY KEY (project, login)
);
CREATE TABLE IF NOT EXISTS favorites (
    login TEXT NOT NULL REFERENCES users(login) ON DELETE CASCADE,
    project TEXT NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    PRIMARY KEY (login, project)
);

CREATE TABLE IF NOT EXISTS subjects (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    grp TEXT NOT NULL,
    demographics TEXT NOT NULL,
    vals TEXT NOT NULL,
    fields TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'active',
    insert_date TEXT NOT NULL,
    insert_user TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    UNIQUE (project, label)
);
CREATE TABLE IF NOT EXISTS subject_shares (
    subject_id TEXT NOT NULL REFERENCES subjects(id) ON DELETE CASCADE,
    project TEXT NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    PRIMARY KEY (subject_id, project)
);
CREATE INDEX IF NOT EXISTS subject_shares_by_project ON subject_shares (project);

CREATE TABLE IF NOT EXISTS experiments (
    id TEXT PRIMARY KEY,
    project TEXT NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    subject_id TEXT REFERENCES subjects(id) ON DELETE CASCADE,
    session_id TEXT REFERENCES experiments(id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    xsi_type TEXT NOT NULL,
    date TEXT NOT NULL,
    time TEXT NOT NULL,
    vals TEXT NOT NULL,
    fields TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'active',
    insert_date TEXT NOT NULL,
    insert_user TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    UNIQUE (project, label)
);
CREATE INDEX IF NOT EXISTS experiments_by_subject ON experiments (subject_id);
CREATE INDEX IF NOT EXISTS experiments_by_session ON experiments (session_id);
CREATE TABLE IF NOT EXISTS experiment_shares (
    experiment_id TEXT NOT NULL REFERENCES experiments(id) ON DELETE CASCADE,
    project TEXT NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    PRIMARY KEY (experiment_id, project)
);
CREATE INDEX IF NOT EXISTS experiment_shares_by_project ON experiment_shares (project);

CREATE TABLE IF NOT EXISTS scans (
    pk INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL REFERENCES experiments(id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    xsi_type TEXT NOT NULL,
    type TEXT NOT NULL,
    quality TEXT NOT NULL,
    series_description TEXT NOT NULL,
    note TEXT NOT NULL,
    vals TEXT NOT NULL,
    insert_date TEXT NOT NULL,
    insert_user TEXT NOT NULL,
    UNIQUE (session_id, id)
);
CREATE TABLE IF NOT EXISTS scan_shares (
    scan_pk INTEGER NOT NULL REFERENCES scans(pk) ON DELETE CASCADE,
    project TEXT NOT NULL REFERENCES projects(id) ON DELETE CASCADE,
    label TEXT NOT NULL,
    PRIMARY KEY (scan_pk, project)
);

CREATE TABLE IF NOT EXISTS resources (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project TEXT REFERENCES projects(id) ON DELETE CASCADE,
    subject_id TEXT REFERENCES subjects(id) ON DELETE CASCADE,
    experiment_id TEXT REFERENCES experiments(id) ON DELETE CASCADE,
    scan_pk INTEGER REFERENCES scans(pk) ON DELETE CASCADE,
    box TEXT NOT NULL,
    label TEXT NOT NULL,
    format TEXT NOT NULL,
    content TEXT NOT NULL,
    description TEXT NOT NULL,
    tags TEXT NOT NULL,
    insert_date TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS resources_by_project ON resources (project);
CREATE INDEX IF NOT EXISTS resources_by_subject ON resources (subject_id);
CREATE INDEX IF NOT EXISTS resources_by_experiment ON resources (experiment_id);
CREATE INDEX IF NOT EXISTS resources_by_scan ON resources (scan_pk);
CREATE TABLE IF NOT EXISTS files (
    resource_id INTEGER NOT NULL REFERENCES resources(id) ON DELETE CASCADE,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    digest TEXT NOT NULL,
    format TEXT NOT NULL,
    content TEXT NOT NULL,
    tags TEXT NOT NULL,
    PRIMARY KEY (resource_id, path)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS workflows (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    data_type TEXT NOT NULL,
    object_id TEXT NOT NULL,
    project TEXT NOT NULL,
    pipeline_name TEXT NOT NULL,
    launch_ms INTEGER NOT NULL,
    status TEXT NOT NULL,
    login TEXT NOT NULL,
    type TEXT NOT NULL,
    category TEXT NOT NULL,
    justification TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS workflows_by_object ON workflows (object_id);

CREATE TABLE IF NOT EXISTS prearchive (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    project TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    folder TEXT NOT NULL,
    name TEXT NOT NULL,
    subject TEXT NOT NULL,
    tag TEXT NOT NULL,
    status TEXT NOT NULL,
    autoarchive TEXT NOT NULL,
    source TEXT NOT NULL DEFAULT '',
    visit TEXT NOT NULL DEFAULT '',
    protocol TEXT NOT NULL DEFAULT '',
    timezone TEXT NOT NULL DEFAULT '',
    prevent_anon INTEGER NOT NULL DEFAULT 0,
    prevent_auto_commit INTEGER NOT NULL DEFAULT 0,
    direct INTEGER NOT NULL DEFAULT 0,
    scan_date TEXT NOT NULL DEFAULT '',
    scan_time TEXT NOT NULL DEFAULT '',
    uploaded TEXT NOT NULL DEFAULT '',
    lastmod TEXT NOT NULL,
    touched_s REAL NOT NULL,
    document TEXT NOT NULL DEFAULT '',
    UNIQUE (project, timestamp, folder)
);
CREATE INDEX IF NOT EXISTS prearchive_by_tag ON prearchive (tag);
CREATE TABLE IF NOT EXISTS prearchive_files (
    session INTEGER NOT NULL REFERENCES prearchive(id) ON DELETE CASCADE,
    folder TEXT NOT NULL,
    name TEXT NOT NULL,
    resource TEXT NOT NULL DEFAULT 'DICOM',
    scan TEXT NOT NULL DEFAULT '',
    size INTEGER NOT NULL,
    facts TEXT NOT NULL,
    PRIMARY KEY (session, folder, resource, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS prearchive_logs (
    id INTEGER PRIMARY KEY,
    session INTEGER NOT NULL REFERENCES prearchive(id) ON DELETE CASCADE,
    entry TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS prearchive_logs_by_session ON prearchive_logs (session);

CREATE TABLE IF NOT EXISTS orphan_folders (resource_id INTEGER PRIMARY KEY);
CREATE TRIGGER IF NOT EXISTS resource_deleted AFTER DELETE ON resources
BEGIN
    INSERT OR IGNORE INTO orphan_folders VALUES (old.id);
END;
"""
