-- The load of one run for wrk: `requestStream` of request-stream.ts once more; change both together.
-- Arguments: repeats, additions and merges in percent, customers, run.

local LAG = 500
local repeats, additions, merges, customers, run
local made, used = 0, 0
local state
local head

local function random()
  state = (state * 16807) % 2147483647
  return state
end

local function body(run, email_of, phone_of, kind)
  return '{"email":"c' .. (1000 + run) .. '-' .. (10000000 + email_of) .. '@shop.example","phoneNumber":"+'
    .. kind .. (1000 + run) .. (10000000 + phone_of) .. '"}'
end

local function next_body()
  local share = random() % 100
  if share < repeats then
    local customer = random() % customers
    return body(0, customer, customer, 1)
  end
  if share < repeats + additions and made - used > LAG then
    used = used + 1
    return body(run, used - 1, used - 1, 2)
  end
  if share >= repeats + additions and share < repeats + additions + merges and made - used > LAG then
    used = used + 2
    return body(run, used - 2, used - 1, 1)
  end
  made = made + 1
  return body(run, made - 1, made - 1, 1)
end

function init(args)
  repeats, additions, merges = tonumber(args[1]), tonumber(args[2]), tonumber(args[3])
  customers, run = tonumber(args[4]), tonumber(args[5])
  state = run * 1000003
  -- Every body has the same size, so the head is the same for all.
  head = 'POST /identify HTTP/1.1\r\nHost: ' .. wrk.headers['Host']
    .. '\r\nContent-Type: application/json\r\nContent-Length: ' .. #body(run, 0, 0, 1) .. '\r\n\r\n'
end

function request()
  return head .. next_body()
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requestCount":%d,"durationS":%.6f,"p50Ms":%.3f,"p99Ms":%.3f,"failures":{"connection":%d,"timeout":%d,"status":%d}}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write, errors.timeout, errors.status))
end
