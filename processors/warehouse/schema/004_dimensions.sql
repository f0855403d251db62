-- Dimensions by natural key, as the facts name them, and when each was first seen (detected_at_ms of
-- its first row). Attributes and their history belong to the warehouse: add columns beside these, or
-- join a table of your own.

CREATE TABLE dim_customer (
  tenant_id text NOT NULL,
  customer_key text NOT NULL,
  first_seen_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, customer_key)
);

CREATE TABLE dim_queue (
  tenant_id text NOT NULL,
  queue_id text NOT NULL,
  first_seen_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, queue_id)
);

CREATE TABLE dim_agent (
  tenant_id text NOT NULL,
  agent_id text NOT NULL,
  first_seen_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, agent_id)
);

CREATE TABLE dim_touchpoint (
  tenant_id text NOT NULL,
  touchpoint_id text NOT NULL,
  first_seen_at_ms bigint NOT NULL,
  PRIMARY KEY (tenant_id, touchpoint_id)
);

CREATE TABLE dim_channel (
  channel text PRIMARY KEY,
  first_seen_at_ms bigint NOT NULL
);

CREATE TABLE dim_rule (
  rule text PRIMARY KEY,
  first_seen_at_ms bigint NOT NULL
);

-- Days of 40 years: a report that joins it shows days without any row, too.
CREATE TABLE dim_date (
  date date PRIMARY KEY,
  year integer NOT NULL,
  quarter integer NOT NULL,
  month integer NOT NULL,
  iso_week integer NOT NULL,
  iso_day integer NOT NULL,
  is_weekend boolean NOT NULL
);

INSERT INTO dim_date
SELECT day::date,
       extract(year FROM day)::integer,
       extract(quarter FROM day)::integer,
       extract(month FROM day)::integer,
       extract(week FROM day)::integer,
       extract(isodow FROM day)::integer,
       extract(isodow FROM day) >= 6
  FROM generate_series(timestamp '2015-01-01', timestamp '2054-12-31', interval '1 day') AS day;
