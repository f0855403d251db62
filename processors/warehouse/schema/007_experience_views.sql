-- What customers lived through, a row for each day: by queue, agent and touchpoint, how journeys
-- end, and how often customers come back.
--
-- A mean, share, percentile or correlation over fewer than 30 is NULL, here and in 008: chance would
-- be read as a result. Counts and sums are never hidden. They can be added up over days, and what
-- they give then is right: sum(score_sum) / sum(scored_contacts).
--
-- Contacts and journeys with fewer than 3 impressions are counted apart (thin_*) and are in no mean.
-- Scores that other producers measured, or none at all, or that came from another formula, do not
-- compare: each has a row of its own. turns / impressions says how much of what was judged customers
-- said themselves.

CREATE FUNCTION enough(value double precision, n bigint) RETURNS double precision
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN n >= 30 THEN value END;
COMMENT ON FUNCTION enough IS 'value, where it was made from at least 30; else NULL';

CREATE FUNCTION share(part bigint, whole bigint) RETURNS double precision
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN whole >= 30 THEN part::double precision / whole END;
COMMENT ON FUNCTION share IS 'part / whole, in [0, 1], where whole is at least 30; else NULL';

CREATE VIEW experience_by_queue AS
SELECT tenant_id,
       business_date,
       queue_id,
       sentiment_producer,
       formula,
       count(*) AS contacts,
       count(*) FILTER (WHERE is_thin) AS thin_contacts,
       count(score) FILTER (WHERE NOT is_thin) AS scored_contacts,
       sum(score) FILTER (WHERE NOT is_thin) AS score_sum,
       enough(avg(score) FILTER (WHERE NOT is_thin), count(score) FILTER (WHERE NOT is_thin)) AS mean_score,
       enough(avg(score_affect) FILTER (WHERE NOT is_thin), count(score_affect) FILTER (WHERE NOT is_thin))
         AS mean_score_affect,
       enough(avg(mean) FILTER (WHERE NOT is_thin), count(mean) FILTER (WHERE NOT is_thin)) AS mean_valence,
       enough(avg(opening) FILTER (WHERE NOT is_thin), count(opening) FILTER (WHERE NOT is_thin)) AS mean_opening,
       enough(avg("end") FILTER (WHERE NOT is_thin), count("end") FILTER (WHERE NOT is_thin)) AS mean_end,
       count(peak_negative) FILTER (WHERE NOT is_thin) AS negative_peaks,
       share(count(peak_negative) FILTER (WHERE NOT is_thin), count(*) FILTER (WHERE NOT is_thin))
         AS negative_peak_share,
       sum(turn_count)::bigint AS turns,
       sum(impression_count)::bigint AS impressions
  FROM contact_latest
 GROUP BY tenant_id, business_date, queue_id, sentiment_producer, formula;
COMMENT ON VIEW experience_by_queue IS 'What do customers live through in each queue?';

CREATE VIEW experience_by_agent AS
SELECT tenant_id,
       business_date,
       agent_id,
       sentiment_producer,
       formula,
       count(*) AS legs,
       count(*) FILTER (WHERE is_thin) AS thin_legs,
       count(score) FILTER (WHERE NOT is_thin) AS scored_legs,
       sum(score) FILTER (WHERE NOT is_thin) AS score_sum,
       enough(avg(score) FILTER (WHERE NOT is_thin), count(score) FILTER (WHERE NOT is_thin)) AS mean_score,
       enough(avg(score_affect) FILTER (WHERE NOT is_thin), count(score_affect) FILTER (WHERE NOT is_thin))
         AS mean_score_affect,
       enough(avg(mean) FILTER (WHERE NOT is_thin), count(mean) FILTER (WHERE NOT is_thin)) AS mean_valence,
       enough(avg(opening) FILTER (WHERE NOT is_thin), count(opening) FILTER (WHERE NOT is_thin)) AS mean_opening,
       enough(avg("end") FILTER (WHERE NOT is_thin), count("end") FILTER (WHERE NOT is_thin)) AS mean_end,
       count(peak_negative) FILTER (WHERE NOT is_thin) AS negative_peaks,
       share(count(peak_negative) FILTER (WHERE NOT is_thin), count(*) FILTER (WHERE NOT is_thin))
         AS negative_peak_share,
       sum(turn_count)::bigint AS turns,
       sum(impression_count)::bigint AS impressions
  FROM leg_latest
 GROUP BY tenant_id, business_date, agent_id, sentiment_producer, formula;
COMMENT ON VIEW experience_by_agent IS
  'What do customers live through with each agent or bot, in the parts of contacts that it had?';

CREATE VIEW experience_by_touchpoint AS
SELECT tenant_id,
       business_date,
       touchpoint_id,
       sentiment_producer,
       formula,
       count(*) AS contacts,
       count(*) FILTER (WHERE is_thin) AS thin_contacts,
       count(score) FILTER (WHERE NOT is_thin) AS scored_contacts,
       sum(score) FILTER (WHERE NOT is_thin) AS score_sum,
       enough(avg(score) FILTER (WHERE NOT is_thin), count(score) FILTER (WHERE NOT is_thin)) AS mean_score,
       enough(avg(score_affect) FILTER (WHERE NOT is_thin), count(score_affect) FILTER (WHERE NOT is_thin))
         AS mean_score_affect,
       enough(avg(mean) FILTER (WHERE NOT is_thin), count(mean) FILTER (WHERE NOT is_thin)) AS mean_valence,
       enough(avg(opening) FILTER (WHERE NOT is_thin), count(opening) FILTER (WHERE NOT is_thin)) AS mean_opening,
       enough(avg("end") FILTER (WHERE NOT is_thin), count("end") FILTER (WHERE NOT is_thin)) AS mean_end,
       count(peak_negative) FILTER (WHERE NOT is_thin) AS negative_peaks,
       share(count(peak_negative) FILTER (WHERE NOT is_thin), count(*) FILTER (WHERE NOT is_thin))
         AS negative_peak_share,
       sum(turn_count)::bigint AS turns,
       sum(impression_count)::bigint AS impressions
  FROM contact_latest
 GROUP BY tenant_id, business_date, touchpoint_id, sentiment_producer, formula;
COMMENT ON VIEW experience_by_touchpoint IS 'What do customers live through at each touchpoint that a contact named last?';

CREATE VIEW journeys_ending_above_mean AS
SELECT tenant_id,
       business_date,
       sentiment_producer,
       count(*) AS journeys,
       count(*) FILTER (WHERE is_thin) AS thin_journeys,
       count(*) FILTER (WHERE end_grade = 'provisional') AS provisional_journeys,
       count("end" - mean) FILTER (WHERE NOT is_thin) AS judged_journeys,
       count(*) FILTER (WHERE NOT is_thin AND "end" >= mean) AS ending_above_mean,
       share(count(*) FILTER (WHERE NOT is_thin AND "end" >= mean), count("end" - mean) FILTER (WHERE NOT is_thin))
         AS ending_above_mean_share
  FROM journey_latest
 GROUP BY tenant_id, business_date, sentiment_producer;
COMMENT ON VIEW journeys_ending_above_mean IS 'How many journeys end at least as well as they were on the whole?';

CREATE VIEW repeat_contact_rate AS
SELECT tenant_id,
       business_date,
       count(*) AS journeys,
       count(*) FILTER (WHERE end_grade = 'provisional') AS provisional_journeys,
       sum(contact_count)::bigint AS contacts,
       sum(repeat_contacts)::bigint AS repeat_contacts,
       share(sum(repeat_contacts)::bigint, sum(contact_count)::bigint) AS repeat_contact_share,
       count(*) FILTER (WHERE repeat_contacts > 0) AS journeys_with_repeat,
       share(count(*) FILTER (WHERE repeat_contacts > 0), count(*)) AS journeys_with_repeat_share
  FROM journey_latest
 GROUP BY tenant_id, business_date;
COMMENT ON VIEW repeat_contact_rate IS 'How often do customers come back for the same need?';
