-- Indexes beside the primary keys. Each is paid for by every row that is written, so that each has a
-- lookup which would read whole partitions without it. They are made on the partitioned tables, and
-- with each new partition: a day of 250,000 rows has indexes that stay in memory while it is written.
--
-- Views over days have none: they read all of a day, and the partitions are the days. Touchpoints, of
-- which there are the most by far, have none either: read them by day, or by their contact within it.

-- All journeys of a customer: support, and requests to see or erase what is known.
CREATE INDEX journeys_customer ON journeys (customer_key);

-- From a journey to its contacts and legs, and to its moments; of contact moments as well.
CREATE INDEX contacts_journey ON contacts (journey_id);
CREATE INDEX moments_journey ON moments (journey_id);

-- One queue, or one agent, over months: experience_by_queue reads leg 0, experience_by_agent legs.
CREATE INDEX contacts_queue ON contacts (queue_id) WHERE leg_no = 0;
CREATE INDEX contacts_agent ON contacts (agent_id) WHERE leg_no > 0;

-- One rule over months (alert_precision), and the alerts and promises of a journey. These tables are
-- small beside the others.
CREATE INDEX alerts_rule ON alerts (rule);
CREATE INDEX alerts_journey ON alerts (journey_id);
CREATE INDEX promises_journey ON promises (journey_id);
