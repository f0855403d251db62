-- What holds now, one view for each kind of row: no deleted row, and each time also as timestamptz.
-- Read these instead of the tables. A condition on business_date reaches the partitions.

CREATE VIEW touchpoint_latest AS
SELECT t.*,
       to_timestamp(t.detected_at_ms / 1000.0) AS detected_at,
       to_timestamp(t.published_at_ms / 1000.0) AS published_at,
       to_timestamp(t.occurred_at_ms / 1000.0) AS occurred_at
  FROM touchpoints AS t
 WHERE NOT t.is_deleted;
COMMENT ON VIEW touchpoint_latest IS 'What made an impression on customers, one row each?';

CREATE VIEW moment_latest AS
SELECT m.*,
       to_timestamp(m.detected_at_ms / 1000.0) AS detected_at,
       to_timestamp(m.published_at_ms / 1000.0) AS published_at,
       to_timestamp(m.occurred_at_ms / 1000.0) AS occurred_at
  FROM moments AS m
 WHERE NOT m.is_deleted;
COMMENT ON VIEW moment_latest IS 'Which openings, peaks and ends do contacts and journeys have?';

CREATE VIEW contact_latest AS
SELECT c.*,
       to_timestamp(c.detected_at_ms / 1000.0) AS detected_at,
       to_timestamp(c.published_at_ms / 1000.0) AS published_at,
       to_timestamp(c.started_at_ms / 1000.0) AS started_at,
       to_timestamp(c.ended_at_ms / 1000.0) AS ended_at,
       to_timestamp(c.queued_at_ms / 1000.0) AS queued_at,
       to_timestamp(c.answered_at_ms / 1000.0) AS answered_at
  FROM contacts AS c
 WHERE NOT c.is_deleted AND c.leg_no = 0;
COMMENT ON VIEW contact_latest IS 'How did each contact as a whole go?';

CREATE VIEW leg_latest AS
SELECT c.*,
       to_timestamp(c.detected_at_ms / 1000.0) AS detected_at,
       to_timestamp(c.published_at_ms / 1000.0) AS published_at,
       to_timestamp(c.started_at_ms / 1000.0) AS started_at,
       to_timestamp(c.ended_at_ms / 1000.0) AS ended_at,
       to_timestamp(c.queued_at_ms / 1000.0) AS queued_at,
       to_timestamp(c.answered_at_ms / 1000.0) AS answered_at
  FROM contacts AS c
 WHERE NOT c.is_deleted AND c.leg_no > 0;
COMMENT ON VIEW leg_latest IS 'How did the part of a contact go that one agent or bot had?';

CREATE VIEW journey_latest AS
SELECT j.*,
       to_timestamp(j.detected_at_ms / 1000.0) AS detected_at,
       to_timestamp(j.published_at_ms / 1000.0) AS published_at,
       to_timestamp(j.started_at_ms / 1000.0) AS started_at,
       to_timestamp(j.ended_at_ms / 1000.0) AS ended_at,
       to_timestamp(j.survey_at_ms / 1000.0) AS survey_at
  FROM journeys AS j
 WHERE NOT j.is_deleted;
COMMENT ON VIEW journey_latest IS 'How did each journey of a customer go, by all that is known now?';

CREATE VIEW alert_latest AS
SELECT a.*,
       to_timestamp(a.detected_at_ms / 1000.0) AS detected_at,
       to_timestamp(a.published_at_ms / 1000.0) AS published_at,
       to_timestamp(a.occurred_at_ms / 1000.0) AS occurred_at,
       to_timestamp(a.updated_at_ms / 1000.0) AS updated_at,
       to_timestamp(a.acknowledged_at_ms / 1000.0) AS acknowledged_at,
       to_timestamp(a.closed_at_ms / 1000.0) AS closed_at,
       to_timestamp(a.snoozed_until_ms / 1000.0) AS snoozed_until,
       to_timestamp(a.follow_up_due_at_ms / 1000.0) AS follow_up_due_at
  FROM alerts AS a
 WHERE NOT a.is_deleted;
COMMENT ON VIEW alert_latest IS 'What were supervisors told, and in which state is each alert?';

CREATE VIEW promise_latest AS
SELECT p.*,
       to_timestamp(p.detected_at_ms / 1000.0) AS detected_at,
       to_timestamp(p.published_at_ms / 1000.0) AS published_at,
       to_timestamp(p.promised_at_ms / 1000.0) AS promised_at,
       to_timestamp(p.due_at_ms / 1000.0) AS due_at,
       to_timestamp(p.fulfilled_at_ms / 1000.0) AS fulfilled_at
  FROM promises AS p
 WHERE NOT p.is_deleted;
COMMENT ON VIEW promise_latest IS 'What was promised to customers, and was it kept?';

CREATE VIEW survey_latest AS
SELECT s.*,
       to_timestamp(s.detected_at_ms / 1000.0) AS detected_at,
       to_timestamp(s.published_at_ms / 1000.0) AS published_at,
       to_timestamp(s.occurred_at_ms / 1000.0) AS occurred_at,
       to_timestamp(s.asked_at_ms / 1000.0) AS asked_at
  FROM surveys AS s
 WHERE NOT s.is_deleted;
COMMENT ON VIEW survey_latest IS 'Which questions about satisfaction were asked, and what was answered?';
