-- What was done and said about it, a row for each day: alerts, promises and surveys. NULL where a
-- figure would be made from fewer than 30, as 007 says.
--
-- Percentiles and correlations of days can't be added up: the functions *_between make them of all
-- days from since on, before until.

CREATE VIEW alert_precision AS
SELECT tenant_id,
       business_date,
       rule,
       count(*) AS alerts,
       count(*) FILTER (WHERE urgency = 'interrupt') AS interrupts,
       count(was_actionable) AS said,
       count(*) FILTER (WHERE was_actionable) AS actionable,
       share(count(*) FILTER (WHERE was_actionable), count(was_actionable)) AS actionable_share,
       share(count(was_actionable), count(*)) AS said_share
  FROM alert_latest
 GROUP BY tenant_id, business_date, rule;
COMMENT ON VIEW alert_precision IS
  'Of the alerts of each rule that somebody gave an opinion about (said), how many were worth acting on?';

-- What was found too late (stale) took its time elsewhere, and what expired was closed by nobody:
-- both are counted and in no time.
CREATE VIEW alert_response AS
SELECT tenant_id,
       business_date,
       urgency,
       severity,
       count(*) AS alerts,
       count(*) FILTER (WHERE is_stale) AS stale,
       count(*) FILTER (WHERE state = 'expired') AS expired,
       count(time_to_acknowledge_ms) FILTER (WHERE NOT is_stale) AS acknowledged,
       enough(percentile_cont(0.5) WITHIN GROUP (ORDER BY time_to_acknowledge_ms) FILTER (WHERE NOT is_stale),
              count(time_to_acknowledge_ms) FILTER (WHERE NOT is_stale)) AS acknowledge_median_ms,
       enough(percentile_cont(0.9) WITHIN GROUP (ORDER BY time_to_acknowledge_ms) FILTER (WHERE NOT is_stale),
              count(time_to_acknowledge_ms) FILTER (WHERE NOT is_stale)) AS acknowledge_p90_ms,
       count(time_to_close_ms) FILTER (WHERE NOT is_stale AND state = 'resolved') AS resolved,
       enough(percentile_cont(0.5) WITHIN GROUP (ORDER BY time_to_close_ms)
                FILTER (WHERE NOT is_stale AND state = 'resolved'),
              count(time_to_close_ms) FILTER (WHERE NOT is_stale AND state = 'resolved')) AS close_median_ms,
       enough(percentile_cont(0.9) WITHIN GROUP (ORDER BY time_to_close_ms)
                FILTER (WHERE NOT is_stale AND state = 'resolved'),
              count(time_to_close_ms) FILTER (WHERE NOT is_stale AND state = 'resolved')) AS close_p90_ms
  FROM alert_latest
 GROUP BY tenant_id, business_date, urgency, severity;
COMMENT ON VIEW alert_response IS 'How soon are alerts taken, and how soon are they resolved?';

CREATE FUNCTION alert_response_between(since date, until date)
RETURNS TABLE (tenant_id text, urgency text, severity text, alerts bigint, stale bigint, expired bigint,
               acknowledged bigint, acknowledge_median_ms double precision, acknowledge_p90_ms double precision,
               resolved bigint, close_median_ms double precision, close_p90_ms double precision)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT a.tenant_id,
         a.urgency,
         a.severity,
         count(*),
         count(*) FILTER (WHERE a.is_stale),
         count(*) FILTER (WHERE a.state = 'expired'),
         count(a.time_to_acknowledge_ms) FILTER (WHERE NOT a.is_stale),
         enough(percentile_cont(0.5) WITHIN GROUP (ORDER BY a.time_to_acknowledge_ms) FILTER (WHERE NOT a.is_stale),
                count(a.time_to_acknowledge_ms) FILTER (WHERE NOT a.is_stale)),
         enough(percentile_cont(0.9) WITHIN GROUP (ORDER BY a.time_to_acknowledge_ms) FILTER (WHERE NOT a.is_stale),
                count(a.time_to_acknowledge_ms) FILTER (WHERE NOT a.is_stale)),
         count(a.time_to_close_ms) FILTER (WHERE NOT a.is_stale AND a.state = 'resolved'),
         enough(percentile_cont(0.5) WITHIN GROUP (ORDER BY a.time_to_close_ms)
                  FILTER (WHERE NOT a.is_stale AND a.state = 'resolved'),
                count(a.time_to_close_ms) FILTER (WHERE NOT a.is_stale AND a.state = 'resolved')),
         enough(percentile_cont(0.9) WITHIN GROUP (ORDER BY a.time_to_close_ms)
                  FILTER (WHERE NOT a.is_stale AND a.state = 'resolved'),
                count(a.time_to_close_ms) FILTER (WHERE NOT a.is_stale AND a.state = 'resolved'))
    FROM alert_latest AS a
   WHERE a.business_date >= since AND a.business_date < until
   GROUP BY a.tenant_id, a.urgency, a.severity;
END;
COMMENT ON FUNCTION alert_response_between IS
  'alert_response over all days from since on, before until: one row per tenant, urgency and severity';

CREATE VIEW promise_kept_rate AS
SELECT tenant_id,
       business_date,
       kind,
       count(*) AS promises,
       count(*) FILTER (WHERE status = 'kept') AS kept,
       count(*) FILTER (WHERE status = 'broken') AS broken,
       count(*) FILTER (WHERE status = 'open') AS open,
       share(count(*) FILTER (WHERE status = 'kept'), count(*) FILTER (WHERE status IN ('kept', 'broken'))) AS kept_share
  FROM promise_latest
 GROUP BY tenant_id, business_date, kind;
COMMENT ON VIEW promise_kept_rate IS 'How many promises of each kind are kept, of those that are kept or broken by now?';

-- Both sides of the comparison below each other, so that a condition on business_date reaches the
-- partitions of both tables; a join of two aggregates would keep it from them. An answer counts for
-- the day of its journey, offered and answered for the day on which they happened.
CREATE VIEW survey_evidence AS
SELECT tenant_id,
       business_date,
       survey_kind,
       is_thin,
       score,
       mean,
       survey_score,
       NULL::text AS status
  FROM journey_latest
 WHERE survey_score IS NOT NULL
UNION ALL
SELECT tenant_id, business_date, kind, NULL, NULL, NULL, NULL, status
  FROM survey_latest
 WHERE status IN ('offered', 'answered', 'partial');
COMMENT ON VIEW survey_evidence IS 'What is score_vs_csat counted from: journeys with an answer, and surveys?';

-- score_correlation and mean_correlation are Pearson's, over the same journeys. response_share is
-- NULL where more was answered than offered: then the feed does not report what it offers.
CREATE VIEW score_vs_csat AS
SELECT tenant_id,
       business_date,
       survey_kind,
       count(*) FILTER (WHERE status = 'offered') AS offered,
       count(*) FILTER (WHERE status <> 'offered') AS answered,
       CASE WHEN count(*) FILTER (WHERE status <> 'offered') <= count(*) FILTER (WHERE status = 'offered')
            THEN share(count(*) FILTER (WHERE status <> 'offered'), count(*) FILTER (WHERE status = 'offered'))
       END AS response_share,
       count(survey_score) AS rated_journeys,
       count(*) FILTER (WHERE is_thin) AS thin_journeys,
       count(score + mean) FILTER (WHERE NOT is_thin) AS compared_journeys,
       enough(avg(survey_score), count(survey_score)) AS mean_survey_score,
       enough(avg(score) FILTER (WHERE NOT is_thin), count(score) FILTER (WHERE NOT is_thin)) AS mean_score,
       enough(corr(score, survey_score) FILTER (WHERE NOT is_thin AND mean IS NOT NULL),
              count(score + mean) FILTER (WHERE NOT is_thin)) AS score_correlation,
       enough(corr(mean, survey_score) FILTER (WHERE NOT is_thin AND score IS NOT NULL),
              count(score + mean) FILTER (WHERE NOT is_thin)) AS mean_correlation
  FROM survey_evidence
 GROUP BY tenant_id, business_date, survey_kind;
COMMENT ON VIEW score_vs_csat IS 'Does the score tell what customers say when they are asked, and does it tell more than the plain mean?';

CREATE FUNCTION score_vs_csat_between(since date, until date)
RETURNS TABLE (tenant_id text, survey_kind text, offered bigint, answered bigint, response_share double precision,
               rated_journeys bigint, thin_journeys bigint, compared_journeys bigint,
               mean_survey_score double precision, mean_score double precision,
               score_correlation double precision, mean_correlation double precision)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT e.tenant_id,
         e.survey_kind,
         count(*) FILTER (WHERE e.status = 'offered'),
         count(*) FILTER (WHERE e.status <> 'offered'),
         CASE WHEN count(*) FILTER (WHERE e.status <> 'offered') <= count(*) FILTER (WHERE e.status = 'offered')
              THEN share(count(*) FILTER (WHERE e.status <> 'offered'), count(*) FILTER (WHERE e.status = 'offered'))
         END,
         count(e.survey_score),
         count(*) FILTER (WHERE e.is_thin),
         count(e.score + e.mean) FILTER (WHERE NOT e.is_thin),
         enough(avg(e.survey_score), count(e.survey_score)),
         enough(avg(e.score) FILTER (WHERE NOT e.is_thin), count(e.score) FILTER (WHERE NOT e.is_thin)),
         enough(corr(e.score, e.survey_score) FILTER (WHERE NOT e.is_thin AND e.mean IS NOT NULL),
                count(e.score + e.mean) FILTER (WHERE NOT e.is_thin)),
         enough(corr(e.mean, e.survey_score) FILTER (WHERE NOT e.is_thin AND e.score IS NOT NULL),
                count(e.score + e.mean) FILTER (WHERE NOT e.is_thin))
    FROM survey_evidence AS e
   WHERE e.business_date >= since AND e.business_date < until
   GROUP BY e.tenant_id, e.survey_kind;
END;
COMMENT ON FUNCTION score_vs_csat_between IS
  'score_vs_csat over all days from since on, before until: one row per tenant and kind of survey';
