// English, in plain words and with the terms of docs/glossary.md.
export default {
  'contact.lead': 'Somebody named this e-mail address as a contact. Tell us whether it was you.',
  'contact.who': 'The account that names this address',
  'contact.names': 'Contact:',
  'contact.meaning':
    'AI companies that want to use the works of this account write to this address. If you confirm, everybody who ' +
    'looks up these works sees that the contact is checked. It does not confirm a right to the works.',
  'contact.until': 'You can confirm until {until}.',
  'contact.confirm': 'That was me',
  'contact.refuse': 'This was not me',
  'contact.status.verified': 'The contact is confirmed. If this was a mistake, correct it with the button below.',
  'contact.status.refused':
    'Thank you. The contact is now shown as not checked, and this account cannot send you another link.',
  'contact.status.expired':
    'The time to confirm is over. If this was you, send a new e-mail from the page “My key”.',
  'contact.gone': 'This link does not work. There is a newer one, or the name or the contact has changed since.',
  'contact.sent': 'The e-mail is on its way. Open its link before {until}.',
  'contact.own': 'Your contact',
  'contact.own.none': 'Not checked yet. A checked contact is one that AI companies can trust.',
  'contact.own.link': 'Confirmed by e-mail.',
  'contact.own.domain': 'Confirmed by your control of its domain.',
  'contact.own.refused': 'The holder of the mailbox says that this account is not its own. Change your contact.',
  'contact.own.relay': 'Nobody sees your contact. This page takes messages for you:',
  'contact.own.verify': 'Send me a link to confirm it',
  'messages.text':
    'Nobody has checked who sent these. If you reply, the sender sees your address. They are deleted after 180 days.',
  'messages.more': 'Show more',
  'key.lead': 'To amend or withdraw a declaration, sign in with a passkey or a key.',
  'key.kept': 'The key is stored on this device.',
  'key.forget': 'Remove from this device',
  'key.forget.sure': 'Remove the key from this device?',
  'key.forget.text':
    'If you have no copy of the key and no passkey, you cannot get into this account again, and you cannot amend or ' +
    'withdraw. Save the key as a file first.',
  'key.here': 'This device',
  'key.revoke.sure': 'Revoke the key {name}?',
  'key.revoke.text':
    'Devices and programs that use this key can no longer use the account. You cannot undo this.',
  'key.revoke.here':
    'This device uses this key. If you revoke it, you are signed out here and need another key to come back. You ' +
    'cannot undo this.',
  'key.list': 'Active keys',
  'key.revoke': 'Revoke',
  'key.revoke.label': 'Revoke key {id}',
  'key.make': 'Make a new key',
  'key.enter': 'Enter a key',
  'key.other': 'Use another key',
  'key.label': 'Key',
  'key.use': 'Use this key',
  'key.from-file': 'Load from a file',
  'key.fault': 'A key starts with afk_ and has 63 characters.',
  'key.lost': 'If you have lost your key',
  'key.lost.recover': 'Recover a lost key',
  'key.lost.text':
    'The registry does not store keys, so it cannot show yours again. If another device still has a key, make a new ' +
    'key there and revoke the lost one. If you have no key left, you can get a new one through a site that you ' +
    'proved, or through the society that vouches for you. Meanwhile your declarations stay in force.',
  'key.close': 'Erase my name and close the account',
  'key.close.text':
    'Your name, your contacts and the titles of your works are erased, and all keys are revoked. Your declarations ' +
    'stay. This happens in 7 days. Until then you can undo it here, and you cannot declare. Before you close the ' +
    'account, withdraw the declarations that you do not want to keep.',
  'key.close.sure': 'Erase your name and close the account?',
  'key.closed': 'The account will be closed on {until}',
  'key.closing': 'This account is being closed',
  'key.closing.text':
    'On {until}, your name, your contacts and the titles of your works are erased, and your keys stop working. Until ' +
    'then you can undo it.',
  'key.reopen': 'Keep the account',
  'key.reopened': 'The account stays open',
  'key.name': 'Name of the key (optional)',
  'key.scope': 'It can',
  'key.scope.full': 'Do everything',
  'key.scope.declare': 'Declare and read',
  'key.scope.read': 'Only read',
  'key.scope.look-up': 'Only look up',
  'key.scope.test': 'Test a program, without recording anything',
  'key.until': 'Last day (optional)',
  'key.since': 'made on {day}',
  'key.last-used': 'last used on {day}',
  'key.unused': 'not used yet',
  'key.expires': 'ends on {day}',
  'key.change': 'Change my name or contact',
  'key.change.name': 'Name',
  'key.change.contact': 'Contact (e-mail, link or telephone)',
  'key.change.text':
    'Everybody who looks up your works sees the new name and contact at once. Without a contact, AI companies cannot ' +
    'ask you.',
  'key.change.relay': 'Do not publish my contact; take messages by a form instead',
  'key.change.save': 'Save the change',
  'key.changed': 'Your name and contact are saved',
  'passkey.h2': 'Passkeys',
  'passkey.sign-in': 'If this device has a passkey, sign in with your fingerprint, face or screen lock.',
  'passkey.remove': 'Remove',
  'passkey.remove.label': 'Remove passkey {id}',
  'passkey.remove.sure': 'Remove this passkey?',
  'passkey.remove.text':
    'All devices that are signed in with it are signed out, and nobody can sign in with it again. First make sure ' +
    'that you have another passkey or a key.',
  'link.h2': 'Use the account on another device',
  'link.text':
    'Scan the QR code with the camera of the other device, and the account opens there. Whoever scans it gets into ' +
    'the account, so do not show it to anybody.',
  'link.make': 'Show a QR code',
  'link.alt': 'A QR code that opens this account on another device',
  'link.until': 'It works once, until {until}.',
  'link.open.h2': 'Open the account on this device?',
  'link.open.text': 'Open it only if you made the QR code yourself. If somebody sent you the link, do not open it.',
  'link.open': 'Open the account',
  'session.h2': 'Signed-in devices',
  'session.kept': 'You are signed in. After 30 days without use, you are signed out.',
  'session.by.key': 'Signed in with a key',
  'session.by.passkey': 'Signed in with a passkey',
  'session.since': 'signed in on {day}',
  'session.end': 'Sign out',
  'session.end.label': 'Sign out the device that signed in on {day}',
  'passkey.rename': 'Rename',
  'passkey.rename.label': 'Rename passkey {id}',
  'passkey.rename.h2': 'Rename the passkey',
  'passkey.rename.field': 'Name, for example “My telephone”',
  'passkey.rename.save': 'Save the name',
  'passkey.renamed': 'The passkey has a new name',
  'mail-in.h2': 'Sign in by e-mail',
  'mail-in.text': 'If you have turned on the sign-in by e-mail, you can get a link that signs you in.',
  'mail-in.label': 'E-mail address',
  'mail-in.fault': 'Enter one e-mail address, such as haneul@example.com.',
  'mail-in.send': 'Send me a sign-in link',
  'mail-in.sent': 'If an account signs in with {address}, a link is on its way. It works once, for 15 minutes.',
  'mail-in.none': 'This registry sends no e-mail. Sign in with a passkey or a key.',
  'mail-in.open.text': 'Open it only if you asked for a sign-in link. If you did not, close this page.',
  'mail-in.is-on': 'You can sign in with a link that is sent to {address}.',
  'mail-in.is-off':
    'If you turn it on, you can sign in with a link that is sent to {address}, without a key or passkey. Whoever ' +
    'reads this mailbox can then open the account.',
  'mail-in.turn-on': 'Sign in with {address}',
  'mail-in.turn-off': 'Stop the sign-in by e-mail',
  'mail-in.turn-off.sure': 'Stop the sign-in by e-mail?',
  'mail-in.turn-off.text':
    'Devices that signed in with a link are signed out. Make sure first that you can sign in another way.',
  'mail-in.on': 'You can now sign in by e-mail',
  'mail-in.off': 'You no longer sign in by e-mail',
  'session.by.mail': 'Signed in by e-mail',
  'recover.lead':
    'Use this if you have no key left. First you show that the account is yours. Then 14 days pass, in which anybody ' +
    'who still has a key can object. Your declarations stay in force.',
  'recover.by-site': 'Through your site or page',
  'recover.by-site.text': 'This account must have proved control of it before, and you must still control it.',
  'recover.account': 'Account',
  'recover.account.hint':
    'The account id (p_…), or the address of one of its certificates. Every certificate shows the id under “Declared ' +
    'by”.',
  'recover.account.fault':
    'An id starts with p_ and has 28 characters. You can also enter the address of a certificate.',
  'recover.site': 'Address of the site or page',
  'recover.site.hint': 'The address that you proved, such as example.com.',
  'recover.not-proved':
    'This account has not proved that address, or the token is no longer there. Try the whole site, or ask your ' +
    'society.',
  'recover.ask': 'Request a new key',
  'recover.by-body': 'Through your society',
  'recover.by-body.text':
    'If you allowed a society to help with lost keys, at least 30 days ago, start here. You get the new key and a ' +
    'recovery number. Tell the society the number. It checks your identity and confirms. The key works 14 days later.',
  'recover.for-member': 'For a member that you vouch for',
  'recover.for-member.text':
    'The member starts the recovery and tells you its number (r_…). Check the identity of the person. Then enter the ' +
    'number below and confirm. You never see the key. Your society is responsible, and this is recorded.',
  'recover.mine': 'My account',
  'recover.body': 'Account of the society',
  'recover.body.hint': 'The society tells you its account id (p_…).',
  'recover.tell': 'Tell your society this number',
  'recover.tell.text': 'Call or visit it. It checks who you are and confirms the number. Only then the 14 days begin.',
  'recover.confirm.h2': 'Did your member start this?',
  'recover.confirm.text':
    'Confirm only if you have checked the identity of this member and it told you this number itself. The holder of ' +
    'a key of the account has 14 days to object. After an objection you cannot confirm again.',
  'recover.confirm': 'Confirm: this is our member',
  'recover.confirmed': 'Confirmed',
  'recover.see': 'Have you already requested a key?',
  'recover.see.submit': 'Show its status',
  'recover.number': 'Recovery number',
  'recover.number.hint': 'It starts with r_.',
  'recover.number.fault': 'A recovery number starts with r_ and has 18 characters.',
  'recover.none': 'If you have neither',
  'recover.none.text':
    'Then this account cannot be recovered. Declare your works again with a new key. Earlier declarations stay in ' +
    'force, and lookups give the most cautious answer.',
  'recover.show': 'Show that you still control the site',
  'recover.missed':
    'The token was not found there. It can take some minutes until a change is visible. The recovery has not started ' +
    'yet.',
  'recover.state.unproved': 'The recovery has not started yet. First show that you still control the site.',
  'recover.state.unconfirmed': 'The recovery has not started yet. First the society must confirm who you are.',
  'recover.state.waiting': 'Waiting until {until}. The new key does not work before then.',
  'recover.state.over': 'The waiting time is over, and nobody objected. You can switch to the new key now.',
  'recover.state.stopped':
    'Stopped. Somebody used a key of this account or objected, or the society does not vouch any more. The new ' +
    'key will never work.',
  'recover.state.recovered': 'Done. The new key works, and all older keys no longer work.',
  'recover.key':
    'Save it now: this key is shown only once, and nobody else has it. It works after the recovery is done.',
  'recover.have-key': 'You need the key that was shown with the request. If you do not have it:',
  'recover.back': 'Come back after that',
  'recover.back.text':
    'Open this address again on {until} or later, and switch to the new key. This does not happen automatically.',
  'recover.address': 'Address of this recovery',
  'recover.finish': 'Switch to the new key',
  'recover.object.text':
    'If you did not request this, object. The recovery stops at once, and your keys keep working. Then check that ' +
    'your site is still under your control, and ask your society.',
  'recover.object': 'Object: this was not me',
  'recover.objected': 'You objected, and the recovery is stopped',
  'recover.object.other':
    'If you have a key of this account and did not request this, enter your key. Then you can object here.',
  'recover.again': 'Request again',
  'recover.facts': 'About this recovery',
  'recover.by': 'Society',
  'staff.h2': 'A key for each of your staff',
  'staff.text':
    'Do not share one key. Make a key for each person, for as much as the work needs. When somebody leaves, revoke ' +
    'only that key in the list above.',
  'staff.declare': 'Registrar',
  'staff.declare.text': 'Declares, amends and withdraws works and imports files. Cannot change mandates or keys.',
  'staff.read': 'Reader',
  'staff.read.text': 'Only sees declarations, mandates and reports.',
  'staff.full': 'Administrator',
  'staff.full.text': 'Does everything: records members, and makes and revokes keys, too.',
  'staff.name': 'Name or duty of the person',
  'staff.name.fault': 'Say whose key this is.',
  'staff.role': 'Duty',
  'staff.make': 'Make a key for staff',
  'staff.made': 'The key of {name} is made',
  'staff.once': 'The key is shown only now. Give it to that person only.',
  'crawlers.h1': 'For crawlers',
  'crawlers.lead': 'Look up a work before you fetch it: without a key, in bulk, or in your own copy.',
  'crawlers.unknown': '“Unknown” is not permission',
  'crawlers.unknown.text':
    'Only allow is permission. An error, a time-out, an unreadable item and unknown are not permission. If you ask ' +
    'about several uses, you get the most cautious answer, in the order deny, ask, unknown, allow.',
  'crawlers.unknown.note': 'If you have no answer, skip the work or ask again.',
  'crawlers.one': 'Look up one work',
  'crawlers.one.text':
    'Percent-encode the subject: + as %2B, & as %26, # as %23. Answers have an ETag, so you need to fetch an answer ' +
    'again only after it has changed.',
  'crawlers.many': 'Look up many works',
  'crawlers.many.text':
    'Send up to 10,000 items in a call as JSON, or any number as NDJSON. Give every subject that you know for an ' +
    'item (address, hash, numbers), so that you miss no declaration. The answers have the order and the ids of the ' +
    'items. In NDJSON each answer has the number of its line too.',
  'crawlers.offline': 'Look up offline',
  'crawlers.offline.text':
    'Download all entries in order and build your own index. A withdrawal is an entry too. New entries follow as a ' +
    'live stream.',
  'crawlers.private': 'Look up privately',
  'crawlers.private.text':
    'Send only the first digits of the SHA-256 of the subject. The answer has all declarations whose keys start with ' +
    'them, so the registry does not learn which work you mean. A declaration of a directory, a domain, a prefix or a ' +
    'creator has another key, so ask for every key of the expansion, as docs/formats/range.md describes. With your ' +
    'own copy you send nothing at all.',
  'crawlers.proof': 'Proof that you asked',
  'crawlers.proof.text':
    'Add "receipt": true, or ?receipt=true to NDJSON, and the registry signs the question and the answer. The log is ' +
    'an RFC 6962 Merkle tree, published as tlog-tiles under /log.',
  'crawlers.quotas': 'Quotas',
  'crawlers.quotas.text':
    'Lookups are open to everyone. With a key, the quota is larger. The RateLimit headers show the rest of your ' +
    'quota. If it is used up, a JSON call gets 429 with Retry-After: wait that long and try again. An NDJSON call ' +
    'is slowed down instead. If it takes longer than some minutes, its last line says from which line to continue.',
  'crawlers.account': 'Open an account for lookups',
  'crawlers.account.text':
    'Give a name, and you get a key at once. In your account you can make a key for each program that can only look ' +
    'up.',
  'crawlers.sandbox': 'Test your client',
  'crawlers.sandbox.text':
    'The addresses below askfirst.example have fixed answers, so that you can test every case: each verdict, and the ' +
    'two failures that every client must survive. The answers have "test": true. Nobody can declare there.',
  'crawlers.datadiligence': 'If you use datadiligence',
  'crawlers.datadiligence.text': 
    'The registry accepts the same call. That client reads unknown as allowed, so ask with unknown=optOut. Without ' +
    'the ' +
    'variable SPAWNING_OPTS_KEY it asks nobody and allows everything; any value will do.',
  'crawlers.more': 'The {api} has every call. To try one in the browser first, use {check}.',
  'crawlers.own': 'Your account for lookups',
  'crawlers.own.text': 'See how much more this account can look up, and the receipts of its lookups.',
  'prove.lead':
    'Show that you control a site or a profile page. Paste a token in a place that only its owner can ' +
    'edit, and press “Check now”.',
  'prove.no-key':
    'You need a key to prove control. Your first declaration creates one. If you already have a key, use it.',
  'prove.claims': 'Your sites and pages',
  'prove.begin': 'Which site or page?',
  'prove.another': 'Another site or page',
  'prove.address': 'Address',
  'prove.address.hint': 'For example example.com, or the address of your channel or profile.',
  'prove.address.fault': 'Enter the address of a site or a page.',
  'prove.claim': 'Get the token',
  'prove.elsewhere':
    'The registry cannot check this scheme itself ({kind}). A society that vouches for such numbers, or the ' +
    'operator, can record your control.',
  'prove.state.pending': 'Pending. Your declaration is recorded, but does not apply until you prove control.',
  'prove.state.pending.url':
    'Not checked yet. “No” and “ask first” count already. “Yes” counts once it is checked.',
  'prove.state.proved': 'Proved. Your declarations on it apply.',
  'prove.state.shown':
    'The token was found on the page. “No” and “ask first” apply. For a “yes” to apply, put the token in the title ' +
    'or description of the page, or use another method.',
  'prove.state.gone':
    'The token is no longer there. If you do not put it back before {until}, the proof is revoked and your ' +
    'declaration stops applying.',
  'prove.state.revoked':
    'The proof is revoked. Your declaration is recorded, but does not apply. Put the token back and check again.',
  'prove.methods': 'Choose one of these methods',
  'prove.methods.again': 'The token, and where to paste it',
  'prove.check': 'Check now',
  'prove.check.again': 'Check again',
  'sweep.h': 'Reject everything unproved on your site',
  'sweep.text':
    'If others have declared works of your site or prefix without evidence, you can reject them all at once. They ' +
    'are notified, and have 30 days to show evidence.',
  'sweep.subject': 'Your site or prefix',
  'sweep.subject.hint': 'For example: example.com, isbn-prefix:978-89-364',
  'sweep.subject.fault': 'Enter a site or a prefix.',
  'sweep.reason': 'Reason (optional)',
  'sweep.reason.hint': 'Only the other parties and the operator see it.',
  'sweep.do': 'Reject all',
  'sweep.sure': 'Reject everything unproved?',
  'sweep.sure.text': 'Rejections stay in a record that everybody sees. You can withdraw each.',
  'sweep.busy': 'Searching. {count} declared works were read.',
  'sweep.done': '{read} declared works were read, and {count} parties were rejected.',
  'sweep.none': '{read} declared works were read. {count} are new to reject.',
  'prove.looking': 'Checking. This can take more than ten seconds.',
  'prove.looking.short': 'Checking…',
  'prove.soon': 'It was checked a moment ago. Try again in a few seconds.',
  'prove.checked': 'Checked {when}',
  'prove.checks': 'Last check: {when}',
  'prove.why': 'Effect of a proof',
  'prove.why.keep':
    'You lose nothing while you wait: your declaration is recorded with its time, and applies from the time of the ' +
    'proof.',
  'prove.why.daily':
    'Leave the token in its place: the registry checks every day. If the token is gone, you get a notice and have 14 ' +
    'days to put it back. An outage of your site does no harm.',
  'prove.why.visitor':
    'The token is not secret. If it is only in the text of a page, your “no” and “ask first” apply, but a “yes” does ' +
    'not: a visitor could have written it.',
  'prove.why.numbers': 'A “no” on a single link, an ISBN or a file needs no proof.',
  'outcome.found': 'found.',
  'outcome.absent': 'not found.',
  'outcome.unreachable': 'could not be reached. Your status does not change.',
  'outcome.dnssec': 'Signed with DNSSEC.',
  'dispute.lead': 'You can contest this declaration. The other party gets a notice and can answer.',
  'dispute.way': 'How can you show that it is not theirs?',
  'dispute.reject': 'I have shown that this site or number is mine',
  'dispute.reject.text':
    'The registry has your proof, and none of theirs. In 30 days their declaration stops counting, ' +
    'unless they show evidence.',
  'dispute.dispute': 'In another way',
  'dispute.dispute.text':
    'The other party has 30 days to answer. Then the operator can decide. A permission reads “ask first” at once.',
  'dispute.control': 'The proof of control is wrong',
  'dispute.control.text':
    'They do not control the place. The operator looks at the proof again. Until then, their permissions read “ask ' +
    'first”.',
  'dispute.control.subject': 'Which proof?',
  'dispute.about-control': 'The dispute is about whether they control this place.',
  'dispute.grounds': 'Grounds',
  'dispute.grounds.not-theirs': 'The work is not theirs',
  'dispute.grounds.no-mandate': 'They may not speak for the creator',
  'dispute.grounds.false-permission': 'They may not permit this',
  'dispute.grounds.wrong-contact': 'Their contact is not that of the rightsholder',
  'dispute.grounds.other': 'Something else',
  'dispute.statement': 'Your reason',
  'dispute.statement.hint': 'Only the two sides and the operator see it.',
  'dispute.statement.fault': 'Write your reason.',
  'dispute.send': 'Send',
  'dispute.sent': 'Sent.',
  'dispute.account': 'For this you need an account.',
  'dispute.until': 'Until {until} there is time for the next step.',
  'dispute.otherwise.rejected':
    'Without evidence by then, the declaration stops counting. Evidence that is shown later counts from then on.',
  'dispute.otherwise.permissions-end':
    'If nobody answers, the permissions end. Reservations end only if the challenger alone has evidence.',
  'dispute.otherwise.closed': 'If nobody acts, the dispute is closed, and all is as before.',
  'dispute.otherwise.final': 'If nobody appeals, the decision is final.',
  'dispute.status.open': 'Rejected. The other party can still show evidence.',
  'dispute.status.ended': 'Rejected, and the time to show evidence is over.',
  'dispute.status.filed': 'Filed. The other party can answer.',
  'dispute.status.unanswered': 'Nobody answered in time.',
  'dispute.status.defective': 'The operator found a defect. It can be mended.',
  'dispute.status.answered': 'Answered. The challenger can continue.',
  'dispute.status.closed': 'Closed. All is as before.',
  'dispute.status.continued': 'The operator decides.',
  'dispute.status.appealed': 'Appealed. The operator decides again.',
  'dispute.status.withdrawn': 'Withdrawn.',
  'dispute.status.upheld': 'Decided: the declaration counts.',
  'dispute.status.set-aside': 'Decided: the declaration does not count.',
  'dispute.entry.rejected': 'Rejected',
  'dispute.entry.rejection-withdrawn': 'Withdrawn',
  'dispute.entry.dispute-filed': 'Filed',
  'dispute.entry.dispute-defective': 'Defect found',
  'dispute.entry.dispute-cured': 'Defect mended',
  'dispute.entry.dispute-answered': 'Answered',
  'dispute.entry.dispute-continued': 'Continued',
  'dispute.entry.dispute-appealed': 'Appealed',
  'dispute.entry.dispute-withdrawn': 'Withdrawn',
  'dispute.entry.dispute-decided': 'Decided by the operator',
  'dispute.entry.dispute-arbiter-named': 'Arbiter named',
  'dispute.entry.by-arbiter': 'Decided by the arbiter {name}',
  'dispute.step.answer': 'Your answer',
  'dispute.step.continue': 'Why you continue',
  'dispute.step.cure': 'How you mend the defect',
  'dispute.step.appeal': 'Why the decision is wrong',
  'dispute.decide': 'Decide as the arbiter',
  'dispute.decide.fault': 'Choose a decision.',
  'dispute.decide.subjects': 'What stops counting',
  'dispute.decide.reason': 'Your reason',
  'dispute.decide.send': 'Decide',
  'dispute.outcome.upheld': 'The declaration counts',
  'dispute.outcome.upheld.text': 'All is as before the dispute.',
  'dispute.outcome.set-aside': 'The declaration does not count',
  'dispute.outcome.set-aside.text': 'What the other party declares about these subjects stops counting.',
  'dispute.withdraw': 'Withdraw',
  'dispute.evidence': 'Show evidence of your right',
  'asked.h1': 'Who asked',
  'asked.lead': 'When AI crawlers looked up the works that you declared, and how often.',
  'asked.lead.one': 'When AI crawlers looked up this declaration, and how often.',
  'asked.certificate': 'Certificate of retrievability',
  'asked.sign-in': 'Sign in to see who looked up your declarations.',
  'asked.days': 'The last 30 days',
  'asked.identified': 'Lookups with a name',
  'asked.anonymous': 'Lookups without a name',
  'asked.own': 'Your own lookups',
  'asked.none': 'There are no lookups to show yet. Lookups without a name appear once there are ten.',
  'asked.table': 'Show each day',
  'asked.day': 'Day (UTC)',
  'asked.chart': '{count} lookups from {from} to {to}. The table below has the same numbers.',
  'asked.export': 'Save as CSV',
  'asked.until': 'Lookups are counted up to {moment}.',
  'asked.askers': 'Who gave a name',
  'asked.askers.text': 'Companies and bodies that looked up with a key. Each name leads to its page.',
  'asked.askers.none': 'Nobody looked up with a name in the last 30 days.',
  'asked.times': '{count} ×',
  'asked.times.between': 'at least {count} ×, at most {most} ×',
  'asked.works': 'Lookups of each work',
  'asked.month': 'Month (UTC)',
  'asked.sketch':
    'Too many works were looked up in this month to count each. Some numbers are estimates, and are ' +
    'wrong by at most {error}. The totals are exact.',
  'asked.works.none': 'There are no works to show for this month.',
  'asked.work.gone': 'A work that the declaration no longer names',
  'asked.declaration': 'Only this declaration',
  'asked.hidden': 'Lookups that you do not see',
  'asked.hidden.tens': 'Lookups without a name are shown in tens only, so that nobody sees the lookup of one person.',
  'asked.hidden.own': 'Your own lookups are counted apart. They are not in the chart and not in the certificate.',
  'asked.hidden.range':
    'Range lookups, checks in downloaded copies, and lookups at mirrors are private. The registry does ' +
    'not know of them and cannot count them.',
  'asked.hidden.pages':
    'When a person opens the page of a work on this site, that is a lookup without a name. Sites that ' +
    'wait for a proof of control are not counted.',
  'retrievability.h1': 'Certificate of retrievability',
  'retrievability.print': 'Print',
  'retrievability.save': 'Save the signed file',
  'retrievability.asked': 'See the lookups',
  'retrievability.check': 'The signed file can be checked without the registry: see /docs/formats/retrievability.md.',
  'retrievability.first': 'First and last day of lookups',
  'retrievability.never': 'No lookups to show',
  'retrievability.count': 'Number of lookups',
  'retrievability.askers': 'Who gave a name',
  'retrievability.omitted': '{count} more lookups with a name',
  'retrievability.until': 'Counted until',
  'retrievability.signature': 'Signature of the registry',
};
