/**
 * What developers write in the place of a word: a line has a word, or a phrase with `_` between its words, as it may stand in a
 * question, and the words that a record may have for it. Sorted. Written for this package from general knowledge.
 */
export const SAME_WORDS = `
a11y accessibility aria
abandoned dropped rejected
abbreviation stands means
abort cancel
accents encoding utf unicode
accept allow
access permission role
accessibility a11y aria keyboard
account user bookkeeping invoice ledger
accountant accounting invoice
acronym stands means
add added new create
added new add
address addr
adjust change
administrator admin
affected impact
against rejected not
agreed decided convention
alarm alert pager
alert pager page
alias shortcut
allowed may permitted
allowlist whitelist allowed
alter change
alternative instead
an_hour_off timezone dst utc
analytics reporting tracking
android mobile
annoyed hates dislikes
anonymised anonymize pii
anonymous anonymise pii
any_more longer
api endpoint
api_docs openapi swagger
api_documentation openapi swagger
append add
apple macos ios safari
application app
approval approve
approve approval
architecture_decision adr
arguments args parameter
asynchronous async
at_once batch bulk concurrent
at_present now current
at_the_same_time concurrent concurrently simultaneously parallel race
attach connect debug
attachment upload file
attack security abuse
attacker security abuse
audit log
auditor audit compliance
authentication auth authenticate login signin logon
authorization authorisation authorise authorize permission acl rbac
automatic automatically auto
automatically auto automatic
autoscaler hpa
autoscaling hpa autoscaler
availability uptime slo
average avg mean
avoid prevent
back_then before old
backend server api
background worker job
background_job worker queue
backup restore dump snapshot
bad_gateway 502
bank iban sepa
banned never forbidden
barcode scanner
basket cart
batch bulk chunks
began started since
begin start
benchmark bench perf
big large size
bill invoice
billed_twice double duplicate idempotency
blacklist blocklist denied
blank white empty
blank_page white page
blank_screen white page
bloat vacuum
block suspended locked
blurry image resolution
body payload
bonus loyalty reward
bookkeeping accounting ledger
boolean bool
boot start startup
boss manager lead
bot scraper crawler abuse
bottleneck contention slow
break broke
breakpoint debugger debug
bring_down stop compose
bring_up start compose
broke broken failed
broken broke fails
broker kafka rabbitmq nats sqs bullmq
browse list show
browser chrome safari firefox
browser_test playwright cypress e2e
browser_tests playwright cypress e2e
budget cost limit
bug issue defect ticket
build compile bundle
bulk batch
bump raise upgrade
bundle bundler vite webpack build
bundler vite webpack rollup esbuild
busy peak rush
button btn
by_hand manually manual
by_myself manually manual
cache redis
cache_server redis memcached
calculate compute
calculation compute
calendar date
callback webhook
can_t_connect refused connection unreachable
cancel cancelled abort
cancelled canceled aborted
cannot_connect refused connection unreachable
cart basket
cause reason root
certificate cert tls ssl
change modify
channel slack
character encoding utf unicode
charged payment
charged_twice double duplicate idempotency
charset encoding utf
charts helm
chat slack teams channel
cheap cheaper cost
cheaper cost reduced
check verify
checkout order
choice decision chosen
choose decide decision
chose decided decision choice
chosen decided
chunk batch
ci pipeline
clean cleanup prune purge
cleanup prune clean
clear flush invalidate purge
clears_cache invalidate
click press
clock time
close ended
cloud aws gcp azure
cloud_provider aws gcp azure
cluster kubernetes
colleague teammate
color colour
colour color
column field
command cli script
command_line cli
compare diff instead decided
compile build compiler tsc
complain warn error flag
complete done finished
compliance gdpr audit
compress gzip zip
compromised rotate revoke leaked
compute calculate
computer machine laptop
concatenate join string
concatenation string
concurrency parallelism concurrent parallel
configuration config configure cfg setting
connect connection psql ssh
connection conn
connection_pool pool pgbouncer
considered rejected decided
constraint unique check
consume consumer subscribe
consumer subscriber worker
contact ask owner
container pod docker image
content_delivery_network cdn
contention lock
continuous_integration ci
contract agreement
convention rule style
cookie session
corrupt broken damaged
cors origin preflight
cost price spend
could_not_connect refused connection unreachable
coupon voucher discount
coverage covered
covered overlay hidden hides
crash fail crashloop panic crashloopbackoff
create add new added
credential secret tokens
credit_card card
cron schedule
cross_origin cors
csrf xsrf token
culprit cause
currency eur usd
current now
currently now since
cursor pagination
customer client buyer
cve vulnerability security
dark_mode theme
dashboard grafana
database db datastore
date_library date fns luxon dayjs moment
day_early timezone utc
daylight_saving dst timezone
dead_letter dlq
deadline timeout
deadlock locked
debug debugger inspect
debugger debug inspect
decide decision adr chose
decimals cents rounding
decision decided adr
declined refused rejected
decommissioned removed retired
decrease reduce lower
definition means
delay lag late
delete remove removal drop
delivered sent delivery
delivery shipping
denied forbidden 403 refused
dependency deps
deploy deployment rollout release ship
deployment deploy rollout
deprecated legacy old
design figma
developer dev engineer
development dev
dialog modal popup
difference diff
direct_debit sepa
directory dir folder
disable off
disappear gone missing vanished lost
discount rebate
disk volume storage space
disk_full enospc space volume
dislikes hates stand
display show render
divide split
dns hostname resolve
docker container compose
docker_image container registry
document file docs
documentation docs documented
does_not_work broken fails
doesn_t_work broken fails
dollar usd
domain host dns
done completed finished
double twice duplicate
double_click idempotency duplicate
downgrade rollback revert
download export fetch
downstream consumer
downtime outage down
drag dnd
drop remove delete fell lost
dropdown select combobox
dry_run preview
dst timezone daylight
due overdue
dummy fake seed
dump backup pg_dump
duplicate twice double dedupe
duration minutes hours takes
earlier before previously
edit change
email mail smtp
emergency incident oncall hotfix
emit publish event
empty blank null none
encoding utf charset
encrypted tls encryption
encryption encrypt cipher
end_to_end e2e playwright cypress
ended finished stopped
endpoint route api url
ensure guarantee check
environment env
environment_variable env
erase delete purge
error err failure exception
error_monitoring sentry
error_tracker sentry
error_tracking sentry
escalate oncall pager
escape sanitize
euro eur
event message
every_night nightly cron
exactly_once idempotent
exceed limit exceeded
exceeded limit exceeds
excel csv xlsx
exception error except
exclude ignore except
exhausted full exceeded
expensive cost
expire expiry ttl lapse
explain reason
export csv download
external third party
fail failure error red
failover standby
failure failed outage
fake mock stub
fast quick speed
faster quicker speed
favourite prefers
feature_flag flag toggle
feature_toggle flag
fell_behind lag
field column
finance billing accounting
finished done completed
firewall network policy
fix solution solved workaround
flaky flake intermittent unstable
flame_graph pprof profile
flash flicker
flicker flash
flush clear
follow tail watch
forbidden 403 never banned
foreign_key fk
form input
format formatter prettier biome
formatter prettier biome format
formerly before old previously
freeze frozen hang stuck
frequency interval every
frequency_of interval every
frontend ui client browser
frozen stuck hang
full exhausted
full_scan seqscan sequential index
full_text tsvector search
function fn method
garbage_collection gc gogc
garbage_collector gc
garbled encoding utf latin1 mojibake
gateway ingress proxy
gateway_timeout 504
gave_up dropped abandoned rejected
gdpr privacy pii
generate generator codegen
get_a_shell exec shell
get_into connect shell exec
get_rid remove drop
gigabyte gb
go_back rollback revert
go_live release deploy
goal target
goes_down falls drops
goes_up rises grows increases
got_rid removed dropped replaced
graph chart grafana dashboard
graphql gql
green passing
grew grown growth
group batch
grow growth
guarantee ensure
guideline rule convention
hacker attack security
handler callback
handover oncall rotation
hang hung stuck
hard_reload cache
harmless idempotent safe
hates dislike
heading title
headline title
helm chart kubernetes
hidden redacted
hide redact mask
hide_error swallow
holiday vacation
hook webhook
host server machine
hostname host dns
hot_path performance
hotfix patch
hour_early timezone dst utc
hour_late timezone dst utc
hours hrs
hover tooltip
how_big size
how_fast speed latency
how_long minutes hours days duration retention
how_many count number limit
how_much amount size percent
how_often every interval schedule
http_client axios fetch undici got
https tls ssl
huge large big
hung stuck hang
hydration ssr
icon svg
idempotency idempotent
idempotent idempotency
identifier id ids
ignore skip exclude
image img picture photo
impact affected
import importer ingest
importer import
improve better
in_charge owner responsible
in_favour decided chosen
in_order fifo ordering sequence
in_the_past before old previously
in_turn sequential serial
incident outage postmortem
incorrect wrong
increase raise bump grew
indices index
information info
infrastructure infra
infrastructure_as_code terraform pulumi
ingest import
injection xss sql
input field
inspect show list
install pnpm npm
instance pod replica
instead_of replaced
insufficient exhausted
insufficient_permissions forbidden 403
integer int int8 bigint
intermittent flaky sporadic
internal private
interrupt abort signal
interval period every
introduce add added since new
invalid wrong malformed
invalidate invalidation cache
inventory stock
invisible hidden
invoice bill
ipad safari ios
iphone safari ios
isolation serializable
issue bug problem ticket
javascript js
job task worker queue
jump_host bastion
jumps layout shift
jwt token
keep_data retention
keeps_growing leak grows unbounded
keyboard focus
kicked_out session logout expired
killed sigkill oomkilled
kilobyte kb
kubernetes k8s kube
label tag
lag delay behind
language locale
lapse expire
laptop local locally machine
large big size
late delayed
latency delay p95 p99 slow
latest newest current last
launch start
layout css
layout_shift cls layout
leak rotate revoke exposed secret
ledger bookkeeping
legacy old
legal gdpr compliance
lessons postmortem learned
library lib
likes prefers
limit cap quota maximum
link url
lint linter eslint rule
linter lint eslint biome rule
list show
listen port
listener consumer handler
live_updates websocket sse
load traffic
load_balancer lb ingress
load_test k6 loadtest
local locally localhost laptop i18n
localisation i18n locale
localization i18n locale
locally local laptop
locate find
lock mutex
lockfile pnpm lock
log logger
log_viewer loki kibana
logged_in session login
logged_off session logout
logged_out session logout expired
logout session
look_up lookup
looks style design
lookup find
lose lost
lost missing gone
mac macos
machine host node runner server
mail email smtp
maintains owner
make_sure check ensure
malformed invalid broken
mandatory must required
manual hand
manually manual hand
masked redacted anonymise
maximum max most highest limit
mean stands
measure metric benchmark
meeting standup sync
megabyte mb
memory ram
memory_leak leak heap
memory_limit oom limits
memory_usage heap rss leak
menu navigation nav
merge_request mr pr
message msg
message_broker kafka rabbitmq nats sqs
metric prometheus grafana
midnight utc timezone
migrate migration moved
migration migrate moved
millisecond ms
minimum min least lowest
minutes mins
missing absent lost gone
mobile phone ios android
mock stub fake
mockup figma design
modal dialog
modify change edit
mojibake encoding utf latin1
money cents amount payment
money_back refund
monitor metrics grafana prometheus alerts
monorepo workspace
more_than_once duplicate idempotent twice
move migrate switched
moved_away migrated replaced dropped
moved_to migrated switched replaced
multi_factor mfa 2fa
mute silence
mysterious strange
nag warn
navigation menu nav
newcomer onboarding
newer upgrade version
newest latest
next_page pagination cursor
night_shift oncall pager
nightly cron night
nil null
no_longer stopped removed
no_space enospc disk full
node machine
noise noisy
noisy noise
not_any_more removed stopped
not_enough insufficient exhausted
not_found 404 missing
not_working broken fails
notebook laptop
nothing_happens silent ignored
notification notify alert
notify notification
now_and_then intermittent sporadic flaky
null undefined empty nil
number num count int bigint numeric
object_storage s3 bucket
object_store s3 minio bucket
objective slo
obsolete deprecated old
odd weird strange
off_by_one rounding
offline service worker cache pwa
old_version stale cache
older old legacy
older_than retention days
on_call oncall pager
on_duty oncall pager
on_my_machine local locally laptop
onboarding new
one_after_another sequential serial
one_hour_off timezone dst utc
only_once idempotent exactly
openapi swagger
operating_system os
opinion prefers likes
optimise optimize faster
optimize optimise faster
order_of_messages fifo ordering
ordering sort
original orig
orm prisma drizzle kysely typeorm sequelize sqlalchemy
out_of_memory oom oomkilled
out_of_order ordering sequence
outage incident down
outdated stale old
output print
overbooked oversold stock
overdue due unpaid
overlaps overlay index
overlay modal
oversold stock race double
overwrite overwritten lost conflict
overwritten lost conflict overwrite
own_machine local locally laptop
owner owns responsible
owns owner
package module dependency
package_manager pnpm npm yarn
page site pagination
paginate pagination page
pagination page cursor
paid pay payment
paid_twice double duplicate idempotency
paragraph text
parallel concurrent concurrently simultaneously
parameter param argument args
part partial
partial partly
partially partial
partner vendor external
pass green
password passwd credential
pattern regex
pattern_match regex
payload body
payment pay charge
pdf render
peak rush
peek show inspect
pending waiting open
percent percentage pct
performance slow speed latency
period interval
periodic cron
permitted allowed
persist store save
persistent stored durable
personal_data pii gdpr
phase stage step
phone mobile
pictures images photos
piece part chunk
pipeline ci workflow build
pod container
policy rule
poll interval
pool pgbouncer connections
pooler pgbouncer
popup dialog toast
port listen
port_forwarding port forward tunnel
postgres postgresql pg psql
postmortem incident outage
prefer likes
prefer_over instead
preference prefers likes
prefetch preload
press click
prevent avoid
preview dry run plan
previous prev
previously before old formerly
price cost
primary_key pk
print log output
printer print label
privacy gdpr pii
private internal
privilege permission role
problem issue bug trouble
processor cpu
producer publisher
production prod live
profile profiler pprof flamegraph
profiler pprof profile
proof evidence
protobuf proto grpc
provision terraform create
proxy nginx ingress gateway
public open
publish release
pull_request pr
pullrequest pr
purchase order buy
push_notification push fcm apns
quantity qty amount
queries sql select
queue jobs
queue_system bullmq kafka rabbitmq sqs celery
quick fast
quota limit
race_condition race concurrent
raise increase bump
ran_out exhausted full
random_failures flaky
randomly random intermittent flaky
rate_limit 429 throttle
re_render render
re_run rerun retry replay
read_replica replica standby
real_time websocket sse live
reason cause
rebase merge
reboot restart
recent latest new
recently latest new
record row
recover restore recovery
recovery restore
red failed
redo rerun retry
reduce cut shrink lowered
reference ref
refresh reload update
refund chargeback credit
refuse reject declined fails
regular_expression regex regexp
reimburse refund
reindex index
reject refuse denied
release deploy ship
reliability slo
reload refresh restart
reminder dunning
remote_procedure_call rpc grpc
remove delete drop gone
renew rotate renewal
renewal renew rotate
repair fix
replace swap replacement instead
replacement instead replace
replay rerun reprocess retry
replica pods standby instances
replication replica slot
report export analytics
repository repo
request req call
required must needs
rerender render
rerun retry replay
reset clear wipe
resize width
resolve fix solved
resource limits requests
response res reply answer
responsible owner owns
restart reboot rollout
restore backup recover
retain retention
retention kept days delete
retired removed decommissioned
retrospective postmortem incident
retry again
revenue sales
reverse_proxy nginx ingress
revert rollback undo
review reviewer pr
reviewer review
revoke rotate
role permission rbac
roll_back rollback revert
rollback revert undo
rolled_back rollback reverted
rollout deploy release
root admin
root_cause cause reason
rotate rotation renew
rotation oncall
round_trip rtt
rounded cents
route endpoint
row record
rule policy
run_again rerun retry replay
run_out exhausted
runbook playbook
rush peak
safe idempotent
safely safe idempotent
sales revenue orders
same_row lock contention concurrent
same_thing_twice duplicate idempotent
sample_data seed fixtures
sanitize escape xss
save store persist
scale replicas hpa autoscaler
scan scanner
schedule cron
scheduler cron
schema migration
screen_reader aria accessibility
script cli command tool
scroll_forever infinite pagination
search find lookup
search_engine elasticsearch opensearch meilisearch tsvector
search_index reindex
seconds secs
secret token credential
secret_manager vault secrets
secret_store vault secrets
security cve vulnerability audit
seed fixtures
send sent deliver
sent send delivered
sequence order number
sequentially serial
serialization serializable
serially sequential
server host node
server_side_rendering ssr
service_level slo sla
service_worker sw pwa cache
session cookie
sharding partition
shell exec bash
ship release deploy delivery
shipment delivery
shop store
shopping_cart basket cart
shortcut alias command
show list display
shown displayed
shrink reduce smaller
shut_down shutdown sigterm
shutdown sigterm stop graceful
sidebar navigation
sign_in log_in login
silence mute
silently silent ignored swallowed
simulate dry run
simultaneously concurrent concurrently parallel
single_sign_on sso saml oidc
site website page
size bytes mb
skip ignore
slack channel chat
slow slowness latency sluggish
slow_query index explain
slower slow
slowly slow latency
sluggish slow
small tiny
smaller reduced cut
sms text twilio
snapshot backup
sold_out stock unavailable
solution fix
solve fix
sometimes intermittent sporadic flaky random
sort order
space disk
special_characters encoding utf unicode umlaut
specification spec
speed performance fast
speed_up faster halved
spike peak burst rush
sporadic intermittent flaky
spreadsheet csv excel xlsx
squash merge
ssh bastion tunnel
stage step phase stg preprod
stale old outdated cached
stale_assets cache service worker
stalled stuck
standby replica
stands_for means
start launch boot startup run began
startup boot start
state status
state_management redux zustand mobx pinia
statistics stats metrics
status state
step stage phase
stock inventory
stop halt shutdown ended
stopped_working broken failed
storage disk volume bucket
store save keep kept
strange weird odd
stream sse websocket
stress_test k6 load
string str text
stub mock
stuck hung hang stalled blocked
stylesheet css
styling css
submodule git
subnet network
subscribe listen consumer
subscriber consumer listener
subscription plan
suffix ending
sum total add added
summer_time dst timezone
sunset deprecated removed
superuser admin root
supplier vendor
supply_chain lockfile dependency
support works
suspended blocked
swagger openapi
swallowed silent ignored
swap replace switch
swipe touch
switch moved migrate replace
switch_off disable off
switched_on enabled
switched_to moved migrated replaced since
synchronise synchronize sync
synchronous sync
tablet ipad
tag label
tail follow logs
takes_ages slow minutes
takes_forever slow minutes
takes_long slow minutes
tap click touch
target slo goal
task job
taste prefers likes
tax vat
temporary temp tmp
tenant customer
terminate kill sigterm
terraform infra iac
test spec
test_data seed fixtures anonymise
test_framework vitest jest mocha pytest
test_runner vitest jest mocha pytest
text copy string
theme css
third_party vendor external
threshold limit alert
throttle rate limit 429
thumbnail image resize
ticket jira issue linear
time_out timeout
time_to_live ttl
time_zone timezone tz
timed_out timeout
timeout expired deadline
times_out timeout
timezone tz zone
tiny small
title heading
toast notification
today now current
token jwt
too_big 413 limit size
too_large 413 limit size
too_many limit exceeded 429
too_many_connections pool pgbouncer max
too_many_requests 429 rate limit
too_slow slow latency timeout
tool cli script
tooltip hint
tooltip_text label
total sum
trace span otel jaeger
tracking analytics
traffic load requests
transaction tx txn
translate i18n translation
translation i18n locale
trial free
trouble problem issue
truthy boolean true
try_again retry
tunnel bastion ssh port forward
turn_off disable off
turn_on enable
turned_off disabled off
turned_on enabled
twice double duplicate
twice_the_same duplicate
two_factor 2fa mfa totp
two_people concurrent conflict lock
type_check tsc typecheck
typecheck tsc
types typecheck
typescript ts
typo spelling text
ugly style
umlauts encoding utf unicode
unable_to_connect refused connection unreachable
unauthorised 401
unauthorized 401
unavailable down outage 503
undefined null
undo revert rollback
unexpected surprising wrong
unicode utf encoding
uniqueness unique
unit_test spec vitest jest
unit_tests vitest jest specs
unpaid overdue due dunning
unreachable down timeout refused
unreliable flaky
unresponsive hang stuck
unstable flaky
unzip gzip
update upgrade changed
upgrade update bump
upstream proxy
uptime availability slo
urgent hotfix emergency
url link endpoint
used_to before old previously
used_up exhausted
user account
user_experience ux
user_interface ui
utc timezone zone
utility util helper
vacation holiday
vacuum autovacuum bloat
validate zod validation schema check
validation zod valibot schema ajv
vanish gone missing lost
vat tax
vendor supplier
verify check validate
version ver release
version_control git
view show
virtual_machine vm
visible shown
volatile memory
vpn tunnel network
vulnerability cve security advisory
wait pending queued
warehouse store
warehouse_data analytics bigquery snowflake
warm_up warm preload
watch monitor follow
web_framework fastify express next koa django rails
web_page page site
web_server nginx fastify express caddy
webhook callback hook
website site web frontend
websocket ws socket
weekday day monday
weekend saturday sunday
weird strange odd
went_down outage down incident
went_up rose grew increased
went_wrong incident failed cause
white_screen white page
whitelist allowlist
why_not rejected instead
width resize size
wiki confluence notion docs
windows win32
wipe delete purge truncate
woken page pager
wording text copy
workaround fix
worker job queue
workspace monorepo
write_ahead wal
write_ahead_log wal
wrong incorrect bad invalid
wrong_date timezone utc
wrong_day timezone utc midnight
wrong_time timezone utc dst
wrongly wrong
xss injection sanitize
`;
