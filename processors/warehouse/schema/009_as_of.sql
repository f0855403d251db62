-- Reports as of an earlier time: journeys as they were known then, by what had been recorded until
-- then (detected_at_ms), whenever the row was delivered.

-- Of each journey the newest version of that time; none where that one was deleted. business_date is
-- the same in every version: that it stands in DISTINCT ON lets a condition on it reach the partitions.
CREATE FUNCTION journey_as_of(at timestamptz) RETURNS SETOF journey_revision
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
  SELECT newest.*
    FROM (SELECT DISTINCT ON (r.journey_id, r.business_date) r.*
            FROM journey_revision AS r
           WHERE r.detected_at_ms <= floor(extract(epoch FROM at) * 1000)::bigint
           ORDER BY r.journey_id, r.business_date, r.row_version DESC) AS newest
   WHERE NOT newest.is_deleted;
END;
COMMENT ON FUNCTION journey_as_of IS 'What was known of each journey at that time?';
