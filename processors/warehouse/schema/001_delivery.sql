-- What a sink knows of its own work: migrations, how far each topic is in the tables, and records
-- that fit no table.

-- The runner makes it before the first migration, and writes one row for each that it applied.
CREATE TABLE IF NOT EXISTS schema_migration (
  version integer PRIMARY KEY,
  name text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);

-- The next offset to read, of each partition. Written in the transaction of the rows before it, by
-- UPDATE ... WHERE next_offset = <what was read>: a second sink that is behind changes nothing.
CREATE TABLE sink_offset (
  sink text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL,
  next_offset bigint NOT NULL,
  PRIMARY KEY (sink, topic, partition)
);

-- Records that no table takes, byte for byte, with the reason.
CREATE TABLE dead_letter (
  topic text NOT NULL,
  partition integer NOT NULL,
  row_offset bigint NOT NULL,
  key bytea,
  value bytea,
  reason text NOT NULL,
  failed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, partition, row_offset)
);
