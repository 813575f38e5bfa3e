/**
 * German words of developers, each with the English words that a record would have. Umlauts are written as they are. Parts of
 * compounds are found by themselves. Written for this package from general knowledge.
 */
export const GERMAN_WORDS = `
abbrechen cancel abort
abbruch cancel abort
abfrage query
abgelaufen expired
abgelehnt rejected declined refused
abgestürzt crashed
abhängigkeit dependency
abhängigkeiten dependencies
ablauf expiry flow
abrechnung billing invoice
abschalten disable off shutdown
abstand interval
absturz crash
abstürzen crash
adresse address
aktualisieren update upgrade
aktualisierung update upgrade
alarm alert
alle all every
alt old
alte old
alten old
ältere older
ändern change
änderung change
anfrage request
anfragen requests
angebot quote offer
angebote quotes offers
anlegen create
anmelden login sign
anmeldung login auth
anpassen adjust change
antwort response
antworten response reply
anwendung application app
anzahl number count
anzeige display
anzeigen show
arbeiten work
arbeiter worker
aufgabe task job
aufgaben tasks jobs
aufruf call
aufrufen call
aufteilen split
auftrag order job
aufträge orders jobs
ausfall outage incident down
ausfallen fail
ausführen run execute
ausgabe output
ausgefallen failed down
ausgeschaltet disabled off
auslastung load usage
ausliefern deploy ship
auslieferung delivery deploy release
ausnahme exception
ausrollen deploy rollout
ausschalten disable off
außer except
bauen build
baum tree
bearbeiten edit
befehl command
befehle commands
begrenzung limit
beheben fix
behoben fixed
beispiel example
benachrichtigung notification
benutzen use
benutzer user
benutzt used
berechnen compute
berechtigung permission
berechtigungen permissions
bereinigen clean prune
bericht report
berichte reports
bestand stock
bestätigung confirmation
bestellen order
bestellung order
bestellungen orders
betrag amount
betrieb production operations
bewertung review
bezahlen pay
bezahlt paid
bibliothek library
bild image
bilder images
bildschirm screen
blockiert blocked
darf may allowed
datei file
dateien files
daten data
datenbank database db
datenbanken databases
datensatz record row
datensätze records rows
datum date
dauer duration
dauern take duration
dauert takes duration
deaktivieren disable
dezember december
diagramm graph chart
dienst service
dienstag tuesday
dienste services
donnerstag thursday
doppelt duplicate twice double
dreimal three
drucken print
drucker printer
durchschnitt average mean
dürfen may allowed
echt real
eingabe input
eingeschaltet enabled
einheit unit
einkauf purchase
einladen load
einladung invitation
einrichten setup configure
einschalten enable
einspielen restore import
einstellen configure set
einstellung setting config
einstellungen settings config
eintrag entry record
einträge entries
empfänger recipient
endpunkt endpoint
entfernen remove
entfernt removed
entscheidung decision adr
entschieden decided
entwickler developer
entwicklung development
ereignis event
ereignisse events
erhöhen raise increase
erhöht raised
erlaubt allowed
erreichbar reachable
ersetzen replace
ersetzt replaced
erstellen create
erstellt created
erwartet expected
fahrer driver
falsch wrong
falsche wrong
farbe colour color
februar february
fehlen missing
fehler error bug fail
fehlermeldung error message
fehlgeschlagen failed
fehlschlagen fail
fehlt missing
feiertag holiday
feiertage holidays
feld field column
fertig done ready
festplatte disk
filiale branch shop
freigabe release approval
freigeben release approve
freitag friday
frist deadline
früher before previously formerly
fuhr ran
funktion function
funktionieren work
funktioniert works
gebaut built
gebühr fee
gedruckt printed
geheimnis secret
geheimnisse secrets
gelöscht deleted
genommen taken
genutzt used
gerät device
geschlossen closed
geschwindigkeit speed performance
gesendet sent
gesperrt locked blocked
gestern yesterday
getestet tested
getrennt separate
gleichzeitig concurrent simultaneous parallel
größe size
größer larger bigger
grund reason cause
gültig valid
gutschein voucher coupon
gutschrift credit refund
händler dealer merchant
hängen hang stuck
hängt hangs stuck
häufig often frequent
hauptspeicher memory ram
herunterfahren shutdown
herunterladen download
hinzufügen add
hochladen upload
höchstens maximum most max
intervall interval
jahr year
januar january
jede each every
juni june
kaputt broken
karte card
kennwort password
kleiner smaller
knopf button
knoten node
kommt comes
konfiguration config configuration
konfigurieren configure
konto account
kopf header
kopie copy
kopieren copy
kosten costs
kunde customer
kunden customers
kündigen cancel
laden load
ladezeit latency load
lädt loads
lager warehouse store
lange long
langsam slow
langsamer slower
laufen run
läuft runs
laufzeit runtime duration
leer empty
leere empty blank
leistung performance
leser reader
letzte last
lieferant supplier
lieferanten suppliers
liefern deliver
lieferschein delivery note
lieferung delivery
lieferungen deliveries
löschen delete
lösung fix solution
machen make
mahnung reminder dunning
mai may
mandant tenant
marke brand
märz march
maschine machine
mehrfach multiple duplicate
mehrwertsteuer vat
meldung message
menge quantity
messen measure
mindestens minimum least
minuten minutes
mitarbeiter staff employee
mittwoch wednesday
monat month
montag monday
morgen tomorrow morning
muss must
müssen must
nachricht message
nachrichten messages
nacht night
nachts night nightly
namen names
netz network
netzwerk network
neu new
neue new
neuen new
neustart restart
neustarten restart
nicht not
nie never
niemals never
nummer number
nur only
nutzen use
nutzer user
oberfläche ui interface
öffentlich public
öffnen open
oktober october
ordner folder directory
paket package
pakete packages
passwort password
passwörter passwords
pfad path
preis price
preise prices
probe test
programm program
projekt project
protokoll log protocol
prozess process
prüfen check verify
prüfung check validation
quelle source
rabatt discount
rechner machine computer
rechnung invoice bill
rechnungen invoices bills
rechte permissions
regel rule
regeln rules
reihenfolge order
runden round
rundung rounding
samstag saturday
schalter flag switch
schicken send
schlägt fails
schlüssel key
schnell fast
schneller faster
schnittstelle api interface
schreiben write
schrift font
schützen protect
seit since
seite page site
seiten pages
sekunden seconds
senden send
sicherheit security
sicherheitskopie backup
sicherung backup
sitzung session
sitzungen sessions
skalieren scale
sommerzeit daylight summer dst
sonntag sunday
sortieren sort
spalte column
spalten columns
speicher memory storage
speichern save store
sperre lock
sperren lock block
sprache language
stadt city
stand state
standard default
starten start
stehen stand
steuer tax vat
stornieren cancel
storniert cancelled
stornierung cancellation
störung incident outage
stückzahl quantity
stunde hour
stunden hours
suche search
suchen search find
suchindex search index
summe sum total
tabelle table
tabellen tables
tag day
tage days
täglich daily
taste key
teil part
testen test
träge slow
treiber driver
überschreiben overwrite
übersetzung translation
übersetzungen translations
übertragung transfer
überwachung monitoring
umbenennen rename
umgebung environment
umgebungen environments
umgebungsvariable environment variable env
umlaut encoding utf
umstellen switch migrate
umstellung migration switch
umzug migration move
ungültig invalid
unterschied difference
ursache cause reason
verbindung connection
verbindungen connections
verboten forbidden never
verbrauch usage
verfügbar available
vergessen forgot forgotten
verkauf sale
verlauf history
verloren lost
verpacken package
versand shipping
verschieben move
verschlüsselt encrypted
verschlüsselung encryption
verschwunden gone missing
versuch attempt try
vertrag contract
vertrauen trust
verwenden use
verwendet used
verzeichnis directory
verzögerung delay lag
voll full
vorher before previously
vorlage template
vorschau preview
wählen choose
warenkorb basket cart
warnung warning
warten wait
warteschlange queue
warteschlangen queues
wechsel switch change
weiß white
weiße white blank
weiterleitung redirect
werkzeug tool
wert value
werte values
wiederherstellen restore
wiederherstellung restore recovery
wiederholen retry repeat
wiederholung retry
winterzeit winter daylight dst
woche week
wochen weeks
wochenende weekend
wurzel root
zahl number
zahlen numbers pay
zahlung payment
zahlungen payments
zeichen character
zeichensatz encoding charset
zeile line row
zeilen lines rows
zeit time
zeitpunkt time
zeitzone timezone zone
zertifikat certificate tls
zertifikate certificates tls
ziel target goal
zugang access
zugangsdaten credentials
zugriff access
zugriffe accesses
zulassen allow
zurück back
zurückrollen rollback
zurücksetzen reset
zusammenführen merge
zustand state
zuständig responsible owner
zuverlässig reliable
zweimal twice duplicate
zwischenspeicher cache
`;

/** German words too common to tell texts apart. They are left out of a question that has several of them. */
export const GERMAN_STOP_WORDS: ReadonlySet<string> = new Set(
  (
    "aber als am an auf aus bei beim bin bis da dann das dass dem den denn der des die dies diese dieser dieses doch du ein " +
    "eine einem einen einer eines er es für gibt haben hat hatte hier ich ihr im in ins ist ja kann kein keine konnte " +
    "können man mein mich mir mit nach noch ob oder ohne sein seine sich sie sind so soll sollen über um und uns unser " +
    "unsere vom von vor wann war waren warum was weil welche welchem welchen welcher welches wenn wer werden wie wieso wieviel wir wird wo " +
    "woher wohin wurde wurden zu zum zur"
  )
    .split(" ")
    .map((word) => word.normalize("NFKD").replace(/[\u0300-\u036f]/g, "")),
);
