/**
 * Books of usage: what is set aside, of which a row goes when it is settled, and sums by day.
 *
 * Who changes the books of a project has its row first, so that one comes after the other, and sees what those before it did: a
 * statement within a function sees all that was committed when it began. Rows are locked in one order, project, day, model.
 *
 * @param schema quoted
 */
export const usageTables = (schema: string) => `
  CREATE TABLE ${schema}.usage_projects (project text COLLATE "C" PRIMARY KEY);
  CREATE TABLE ${schema}.usage_reservations (
    id text COLLATE "C" PRIMARY KEY,
    project text COLLATE "C" NOT NULL,
    model text NOT NULL,
    day text COLLATE "C" NOT NULL,
    nano_usd bigint NOT NULL,
    session text,
    turn bigint,
    attempt integer,
    worker uuid,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    given_up boolean NOT NULL DEFAULT false
  );
  CREATE INDEX usage_reservations_project ON ${schema}.usage_reservations (project) WHERE NOT given_up;
  CREATE TABLE ${schema}.usage_days (
    project text COLLATE "C",
    day text COLLATE "C",
    reserved bigint NOT NULL DEFAULT 0,
    spent bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (project, day)
  );
  CREATE TABLE ${schema}.usage_models (
    project text COLLATE "C",
    day text COLLATE "C",
    model text,
    calls bigint NOT NULL DEFAULT 0,
    unpriced_calls bigint NOT NULL DEFAULT 0,
    input_tokens bigint NOT NULL DEFAULT 0,
    output_tokens bigint NOT NULL DEFAULT 0,
    cache_write_tokens bigint NOT NULL DEFAULT 0,
    cache_read_tokens bigint NOT NULL DEFAULT 0,
    nano_usd bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (project, day, model)
  );

  CREATE FUNCTION ${schema}.usage_lock(p text) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM FROM ${schema}.usage_projects WHERE project = p FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO ${schema}.usage_projects VALUES (p) ON CONFLICT DO NOTHING;
      PERFORM FROM ${schema}.usage_projects WHERE project = p FOR UPDATE;
    END IF;
  END $$;

  CREATE FUNCTION ${schema}.usage_add(p text, d text, m text, counts bigint[], sign integer) RETURNS void LANGUAGE sql AS $$
    INSERT INTO ${schema}.usage_models AS u VALUES (p, d, m, sign * counts[1], sign * counts[2], sign * counts[3],
      sign * counts[4], sign * counts[5], sign * counts[6], sign * counts[7])
    ON CONFLICT (project, day, model) DO UPDATE SET
      calls = u.calls + excluded.calls,
      unpriced_calls = u.unpriced_calls + excluded.unpriced_calls,
      input_tokens = u.input_tokens + excluded.input_tokens,
      output_tokens = u.output_tokens + excluded.output_tokens,
      cache_write_tokens = u.cache_write_tokens + excluded.cache_write_tokens,
      cache_read_tokens = u.cache_read_tokens + excluded.cache_read_tokens,
      nano_usd = u.nano_usd + excluded.nano_usd
  $$;

  -- Without a cap everything is granted.
  CREATE FUNCTION ${schema}.usage_reserve(r ${schema}.usage_reservations, since text, until text, cap bigint,
    OUT granted boolean, OUT used bigint) LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM ${schema}.usage_lock(r.project);
    SELECT coalesce(sum(reserved + spent), 0) INTO used FROM ${schema}.usage_days
      WHERE cap IS NOT NULL AND project = r.project AND day BETWEEN since AND until;
    granted := EXISTS (SELECT FROM ${schema}.usage_reservations WHERE id = r.id);
    IF NOT granted AND (cap IS NULL OR used + r.nano_usd <= cap) THEN
      granted := true;
      INSERT INTO ${schema}.usage_reservations SELECT r.*;
      INSERT INTO ${schema}.usage_days AS u (project, day, reserved) VALUES (r.project, r.day, r.nano_usd)
        ON CONFLICT (project, day) DO UPDATE SET reserved = u.reserved + excluded.reserved;
    END IF;
  END $$;

  -- Counts once: a reservation that is no longer there was settled.
  CREATE FUNCTION ${schema}.usage_settle(reservation text, p text, counts bigint[], since text, until text)
    RETURNS bigint LANGUAGE plpgsql AS $$
  DECLARE r ${schema}.usage_reservations;
  BEGIN
    PERFORM ${schema}.usage_lock(p);
    DELETE FROM ${schema}.usage_reservations WHERE id = reservation RETURNING * INTO r;
    IF FOUND THEN
      UPDATE ${schema}.usage_days SET
        reserved = reserved - CASE WHEN r.given_up THEN 0 ELSE r.nano_usd END,
        spent = spent + coalesce(counts[7], 0) - CASE WHEN r.given_up THEN r.nano_usd ELSE 0 END
        WHERE project = r.project AND day = r.day;
      IF r.given_up THEN
        PERFORM ${schema}.usage_add(r.project, r.day, r.model, ARRAY[1, 0, 0, 0, 0, 0, r.nano_usd], -1);
      END IF;
      IF counts IS NOT NULL THEN
        PERFORM ${schema}.usage_add(r.project, r.day, r.model, counts, 1);
      END IF;
    END IF;
    RETURN (SELECT coalesce(sum(spent), 0) FROM ${schema}.usage_days WHERE project = p AND day BETWEEN since AND until);
  END $$;

  -- What the dead had set aside is spent: nobody knows what they were billed. Who comes back puts the truth in its place.
  CREATE FUNCTION ${schema}.usage_give_up(p text, ttl_ms double precision) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE r ${schema}.usage_reservations;
  BEGIN
    PERFORM ${schema}.usage_lock(p);
    FOR r IN
      UPDATE ${schema}.usage_reservations AS u SET given_up = true WHERE project = p AND NOT given_up AND (
        at < clock_timestamp() - ttl_ms * interval '1 millisecond' OR worker IS NOT NULL AND NOT EXISTS (
          SELECT FROM ${schema}.workers AS w WHERE w.id = u.worker AND w.alive_until > clock_timestamp()))
      RETURNING *
    LOOP
      UPDATE ${schema}.usage_days SET reserved = reserved - r.nano_usd, spent = spent + r.nano_usd
        WHERE project = p AND day = r.day;
      PERFORM ${schema}.usage_add(p, r.day, r.model, ARRAY[1, 0, 0, 0, 0, 0, r.nano_usd], 1);
    END LOOP;
  END $$;`
