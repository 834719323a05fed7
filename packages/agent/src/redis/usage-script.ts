/**
 * All that is done to the books of a project, in Lua, which Redis runs as one step.
 *
 * KEYS: sums by day, sums by day and model, reservations that are open. Amounts stay texts wherever they are kept, as they have more
 * digits than Lua's numbers are written with; as numbers they are exact, being less than 2^53.
 */
export const usageScript = `
local days, models, open = KEYS[1], KEYS[2], KEYS[3]
local names = { 'calls', 'unpricedCalls', 'inputTokens', 'outputTokens', 'cacheWriteTokens', 'cacheReadTokens', 'nanoUsd' }
local op = ARGV[1]

-- Minus zero is no number to Redis.
local function text(n) return string.format('%.0f', n + 0) end

local function sums(since, untl)
  local reserved, spent = 0, 0
  local all = redis.call('HGETALL', days)
  for i = 1, #all, 2 do
    local day, kind = all[i]:match('^(.*)|(.*)$')
    if day >= since and day <= untl then
      if kind == 'reserved' then reserved = reserved + tonumber(all[i + 1]) else spent = spent + tonumber(all[i + 1]) end
    end
  end
  return reserved, spent
end

local function add(r, counts, sign)
  for i, name in ipairs(names) do
    redis.call('HINCRBY', models, cjson.encode({ r.day, r.model, name }), text(sign * tonumber(counts[i])))
  end
  redis.call('HINCRBY', days, r.day .. '|spent', text(sign * tonumber(counts[7])))
end

local function close(r) redis.call('HINCRBY', days, r.day .. '|reserved', text(-tonumber(r.nanoUsd))) end

local function whole(r) return { '1', '0', '0', '0', '0', '0', r.nanoUsd } end

if op == 'reserve' then
  local id, since, untl, cap, value = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
  local used = 0
  if cap ~= '' then
    local reserved, spent = sums(since, untl)
    used = reserved + spent
  end
  if redis.call('HEXISTS', open, id) == 1 then return { 1, text(used) } end
  local r = cjson.decode(value)
  if cap ~= '' and used + tonumber(r.nanoUsd) > tonumber(cap) then return { 0, text(used) } end
  r.at = redis.call('TIME')[1]
  redis.call('HSET', open, id, cjson.encode(r))
  redis.call('HINCRBY', days, r.day .. '|reserved', r.nanoUsd)
  return { 1, text(used) }
end

if op == 'settle' then
  local id, since, untl, counts = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
  local found = redis.call('HGET', open, id)
  if found then
    local r = cjson.decode(found)
    redis.call('HDEL', open, id)
    if r.givenUp then add(r, whole(r), -1) else close(r) end
    if counts ~= '' then add(r, cjson.decode(counts), 1) end
  end
  local _, spent = sums(since, untl)
  return text(spent)
end

local since, untl, ttl = ARGV[2], ARGV[3], tonumber(ARGV[4])
local now = tonumber(redis.call('TIME')[1])
local all = redis.call('HGETALL', open)
for i = 1, #all, 2 do
  local r = cjson.decode(all[i + 1])
  if not r.givenUp and now - tonumber(r.at) >= ttl then
    r.givenUp = true
    redis.call('HSET', open, all[i], cjson.encode(r))
    close(r)
    add(r, whole(r), 1)
  end
end
local reserved = sums(since, untl)
return { text(reserved), redis.call('HGETALL', models) }
`
