// English, in plain words and with the terms of docs/glossary.md.
export default {
  'licenses.lead':
    'Requests for licenses, and the answers to them. Only the asker and the licensor of a request can ' +
    'read it.',
  'license-ask.lead': 'Tell the licensor which license you want. Without an answer nothing is permitted.',
  'offers.lead':
    'The terms on which you license works. They are public, and you can amend or withdraw them at any ' +
    'time.',
  'offer-new.lead': 'Choose a template and fill in only what you alone can decide.',
  'offer-amend.lead': 'The new terms apply from now on. Licenses that you granted before keep their terms.',
  'grants.lead': 'If both sides accept the same terms, a grant follows. Only its two sides can read it.',
  'license.sign-in': 'Only the two sides can read requests and grants.',
  'license.all': 'All license requests',
  'license.ask.own': 'You declared this work, so you need no license of it.',
  'license.ask.list':
    'This form asks for the first {count} works of the list. A program can ask for all of them in one ' +
    'call.',
  'license.ask.who': 'Who asks',
  'license.ask.who.own': 'The licensor sees this name, and how your earlier requests ended.',
  'license.ask.who.text': 'You need an account to ask. If you have one, sign in.',
  'license.ask.offer': 'On which terms do you ask?',
  'license.ask.none': 'Negotiate the terms',
  'license.ask.none.text':
    'You name no price. If the licensor proposes terms, you decide whether to accept them.',
  'license.ask.all-terms': 'All terms of this offer',
  'license.ask.uses': 'Which uses?',
  'license.ask.send': 'Send the request',
  'license.ask.sent': 'The request is sent',
  'license.ask.several': 'Each licensor answers on its own. Each request has a page.',
  'license.ask.skipped': 'Works for which nobody can be asked: {count}',
  'license.ask.sure': 'Ask on these terms?',
  'license.ask.sure.licensor':
    'The price: {price}. If the licensor accepts, the license is granted on these terms. You are not ' +
    'asked again.',
  'license.ask.sure.automatic':
    'The price: {price}. If the right to the works is evidenced, the license is granted at once on these ' +
    'terms.',
  'license.ask.then.none':
    'The licensor gets a notice and has 30 days to accept, propose other terms, or refuse.',
  'license.ask.then.licensor':
    'The licensor gets a notice and has 30 days. If it accepts, the license is granted on these terms. ' +
    'Without an answer nothing is permitted.',
  'license.ask.then.automatic':
    'If the right to the works is evidenced, the license is granted at once. If not, the licensor has 30 ' +
    'days to answer.',
  'license.private': 'Only the two sides see it.',
  'license.message': 'Message to the licensor (optional)',
  'license.message.optional': 'Message to the other side (optional)',
  'license.purpose': 'Purpose',
  'license.purpose.hint': 'For example: training of a language model that writes fiction (optional)',
  'license.side.licensor': 'Received',
  'license.side.asker': 'Sent',
  'license.turn.mine': 'Waiting for you',
  'license.turn.mine.none': 'Nothing waits for you.',
  'license.turn.theirs': 'Waiting for the other side',
  'license.turn.theirs.none': 'You wait for no answer.',
  'license.turn.ended': 'Ended',
  'license.turn.ended.none': 'No request has ended yet.',
  'license.more.licensor': 'Show more received requests',
  'license.more.asker': 'Show more sent requests',
  'license.since': 'asked on {day}',
  'license.until': 'until {until}',
  'license.status.waiting': 'Waiting for an answer',
  'license.status.countered': 'Other terms proposed',
  'license.status.granted': 'Granted',
  'license.status.refused': 'Refused',
  'license.status.withdrawn': 'Withdrawn',
  'license.status.unanswered': 'No answer (this is not permission)',
  'license.bulk.h3': 'Answer many at once',
  'license.bulk.text':
    'This answers every waiting request that the offer covers. It accepts requests that already accepted ' +
    'the offer, and proposes the offer to the others. Requests that it does not cover stay as they are.',
  'license.bulk.offer': 'Your offer',
  'license.bulk.send': 'Answer with this offer',
  'license.bulk.sure': 'Answer all waiting requests?',
  'license.bulk.sure.text':
    'The price: {price}. Requests that accepted it are granted at once. The others are granted as soon ' +
    'as their askers accept. You are not asked again.',
  'license.bulk.done':
    'Granted: {granted}. Answered with a counter-offer: {countered}. Left as they were: {left}.',
  'license.bulk.none': 'With a published offer you can answer many requests at once.',
  'license.h1.licensor': 'License request from {name}',
  'license.h1.asker': 'License request to {name}',
  'license.lead.waiting.mine': 'They ask for a license of your works. Read the terms below and answer.',
  'license.lead.waiting.theirs': 'Your request is with the licensor, which can now answer.',
  'license.lead.countered.mine': 'The other side proposed other terms. See what changed, and answer.',
  'license.lead.countered.theirs': 'You proposed other terms. The other side can now answer.',
  'license.lead.granted': 'Both sides accepted the same terms.',
  'license.lead.refused': 'One side refused, and the request has ended. Nothing is permitted.',
  'license.lead.withdrawn': 'The asker withdrew the request. Nothing is permitted.',
  'license.lead.unanswered': 'Nobody answered in time. Nothing is permitted.',
  'license.question': 'May I use this for {model}? ({works})',
  'license.clock.mine': 'You can answer until {until}.',
  'license.clock.theirs': 'The other side can answer until {until}.',
  'license.clock.end.licensor':
    'Without an answer by then, the request ends as unanswered. Nothing is permitted. The asker can get ' +
    'a signed record that it asked and got no answer.',
  'license.clock.end.asker':
    'Without an answer by then, the request ends as unanswered. Nothing is permitted. You can then get a ' +
    'signed record that you asked.',
  'license.evidence.licensor':
    'Your right to some of these works is not evidenced yet. If you accept, lookups show no permission ' +
    'for them until it is.',
  'license.evidence.asker':
    'The licensor\'s right to some of these works is not evidenced yet. Even if it accepts, lookups show ' +
    'no permission for them until it is.',
  'license.granted.licensor':
    'The other side may now use the works on the terms below. For everybody else nothing changes.',
  'license.granted.asker': 'You may now use the works on the terms below. Lookups with your key follow it.',
  'license.granted.look': 'Open the grant',
  'license.granted.soon': 'The grant is being recorded. Open this page again in a moment.',
  'license.unanswered':
    'There was no answer by {until}. Silence is not permission. The signed record proves that the ' +
    'licensor was asked.',
  'license.unanswered.save': 'Save the signed record',
  'license.ended.licensor': 'There is nothing more to do. The other side can ask again at any time.',
  'license.ended.asker': 'There is nothing more to do. You can ask again on the page of the work.',
  'license.answer': 'Your answer',
  'license.can': 'What you can do now',
  'license.accept': 'Accept',
  'license.accept.sure': 'Accept these terms?',
  'license.accept.text.licensor':
    'You grant the license on the terms that were proposed last. The grant is given at once, and the ' +
    'other side gets a notice.',
  'license.accept.text.asker':
    'You accept the terms and the price that were proposed last. The grant is given at once, and you may ' +
    'use the works on its terms.',
  'license.accept.done': 'Accepted',
  'license.counter': 'Propose other terms',
  'license.counter.sure': 'Propose these terms?',
  'license.counter.text.licensor':
    'The other side gets 30 days. If it accepts, the license is granted on your terms. You are not asked ' +
    'again.',
  'license.counter.text.asker':
    'The licensor gets 30 days. If it accepts, the license is granted on your terms. You are not asked ' +
    'again.',
  'license.counter.send': 'Send these terms',
  'license.counter.done': 'Your terms are sent',
  'license.counter.fill': 'Fill in from your offer',
  'license.counter.fill.none': 'None',
  'license.refuse': 'Refuse',
  'license.refuse.sure': 'Refuse the request?',
  'license.refuse.text.licensor':
    'The request ends at once. Nothing is permitted, and the other side gets a notice.',
  'license.refuse.text.asker': 'You do not accept the terms, and the request ends. Nothing is permitted.',
  'license.refuse.done': 'Refused',
  'license.withdraw': 'Withdraw the request',
  'license.withdraw.sure': 'Withdraw the request?',
  'license.withdraw.text.asker':
    'The request ends at once, and the licensor cannot answer it. You can ask again later.',
  'license.withdraw.done': 'Withdrawn',
  'license.asker': 'Asker',
  'license.licensor': 'Licensor',
  'license.record': 'Record of the asker',
  'license.record.value':
    '{requests} in all: {granted} granted, {refused} refused, {withdrawn} withdrawn, {unanswered} ' +
    'unanswered',
  'license.record.hint': 'The numbers count its requests to all licensors, this one included.',
  'license.offer': 'Accepted offer',
  'license.offer.look': 'Open the offer',
  'license.made': 'Asked on',
  'license.step.requested': '{name}: asked',
  'license.step.countered': '{name}: proposed other terms',
  'license.step.accepted': '{name}: accepted',
  'license.step.refused': '{name}: refused',
  'license.step.withdrawn': '{name}: withdrew',
  'license.step.automatic': 'Accepted by the offer',
  'license.you': 'You',
  'license.confidential':
    'Nobody else can see who asked whom, or on which terms. The public log has the time of each step and ' +
    'a hash of its text.',
  'license.erased': 'erased terms (a closed account takes its texts with it)',
  'license.to.offer': 'The license cannot end after the offer does.',
  'license.name.hint': 'For example Hangang',
  'license.version.hint': 'For example 2.0',
  'offer.new': 'Publish an offer',
  'offer.none':
    'You have published no offer yet. With an offer, the pages and lookups of your works show your ' +
    'terms, and you can answer many requests at once.',
  'offer.h1': 'Offer of {name}',
  'offer.lead': 'The licensor offers licenses on these terms. The offer is no permission. Ask first.',
  'offer.lead.withdrawn': 'The licensor withdrew this offer. Licenses that were granted before continue.',
  'offer.follows.licensor':
    'The licensor has 30 days to answer a request. Without an answer nothing is permitted.',
  'offer.follows.automatic':
    'A request within these terms is granted at once if the right to the works is evidenced. If not, the ' +
    'licensor has 30 days to answer.',
  'offer.acceptance': 'How requests are accepted',
  'offer.works': 'Which works',
  'offer.works.all': 'All works that I declare',
  'offer.works.all.text':
    'Works that you declare under mandates, works on your lists, and works that you declare later are ' +
    'included.',
  'offer.works.some': 'Only some works',
  'offer.works.some.text': 'You name pages of works, links or numbers.',
  'offer.works.all.public': 'All works for which this licensor is to be asked.',
  'offer.works.some.public': 'Only these, where this licensor is to be asked.',
  'offer.limits': 'Works',
  'offer.limits.hint':
    'One on each line, at most 100. Give either only pages of works, or only links and numbers.',
  'offer.limits.fault': 'A line cannot be read, or there is none, or there are more than 100.',
  'offer.limits.mixed': 'Give either only pages of works, or only links and numbers.',
  'offer.how': 'Find a work and ask on its page.',
  'offer.template': 'Choose a template',
  'offer.fill': 'What you decide',
  'offer.terms': 'Terms',
  'offer.preview': 'What others will see',
  'offer.public':
    'Anybody can see it. You can amend or withdraw it at any time. Licenses that were granted before ' +
    'keep their terms.',
  'offer.publish': 'Publish',
  'offer.publish.sure': 'Publish this offer?',
  'offer.publish.text.licensor':
    'The price: {price}. You answer each request. Until you do, nothing is permitted.',
  'offer.publish.text.automatic':
    'The price: {price}. Requests within the terms are granted at once, without asking you.',
  'offer.published': 'The offer is published',
  'offer.amend': 'Amend',
  'offer.amend.label': 'Amend the offer: {price}',
  'offer.amend.sure': 'Amend the offer?',
  'offer.amended': 'The offer is amended',
  'offer.withdraw': 'Withdraw',
  'offer.withdraw.label': 'Withdraw the offer: {price}',
  'offer.withdraw.sure': 'Withdraw this offer?',
  'offer.withdraw.text': 'Nobody can ask on these terms any more. Licenses that you granted before continue.',
  'offer.withdrawn': 'The offer is withdrawn',
  'offer.recorded': 'Recorded on {when}',
  'grant.list.licensor': 'Grants that you gave',
  'grant.list.licensor.none': 'You have given no grant yet.',
  'grant.list.licensee': 'Grants that you hold',
  'grant.list.licensee.none': 'You hold no grant yet.',
  'grant.all': 'All grants',
  'grant.everything': 'Everything that the licensor declares',
  'grant.everything.text': 'All works that the licensor declares now or later.',
  'grant.status.scheduled': 'Not begun yet',
  'grant.status.in-force': 'In force',
  'grant.status.expired': 'Expired',
  'grant.status.revoked': 'Revoked',
  'grant.status.superseded': 'Replaced',
  'grant.until': 'until {day}',
  'grant.ended': 'ended on {day}',
  'grant.h1.licensor': 'Grant to {name}',
  'grant.h1.licensee': 'Grant from {name}',
  'grant.lead.scheduled': 'It has not begun yet. It ends on {day}.',
  'grant.lead.in-force': 'It is in force until {day}.',
  'grant.lead.expired': 'It expired on {day}.',
  'grant.lead.revoked': 'The licensor revoked it. It ends on {day}.',
  'grant.lead.superseded': 'Another grant took its place on {day}.',
  'grant.follows.licensor':
    'The other side may use the works on the terms below. For everybody else nothing changes, and nobody ' +
    'else sees whom you licensed.',
  'grant.follows.licensee':
    'You may use the works on the terms below. Lookups with your key follow this grant.',
  'grant.over.licensor':
    'What was used before the end stays licensed. After it, the other side must ask again.',
  'grant.over.licensee': 'What you used before the end stays licensed. To use the works after it, ask again.',
  'grant.lookup': 'The answer that your account gets now.',
  'grant.lookup.not':
    'The answer that your account gets now. It is no permission if the grant is over, if the licensor\'s ' +
    'right is not evidenced, or if another licensor must be asked too.',
  'grant.licensee': 'Licensee',
  'grant.recorded': 'Recorded',
  'grant.ends': 'Ends',
  'grant.supersedes': 'Replaces',
  'grant.superseded-by': 'Replaced by',
  'grant.id': 'Id',
  'grant.statement': 'Signed statement',
  'grant.statement.text':
    'A file that the registry signs. Whoever receives it can check it with public keys alone, without ' +
    'asking the registry.',
  'grant.statement.save': 'Save the statement',
  'grant.revoke': 'Revoke the grant',
  'grant.revoke.sure': 'Revoke this grant?',
  'grant.revoke.text':
    'From that moment on, new uses are not licensed, and the other side gets a notice. What was used ' +
    'before stays licensed. Your terms decide whether you may revoke it.',
  'grant.revoke.from': 'From which day? (now, if empty)',
  'grant.revoke.done': 'The grant is revoked',
  'statements.lead': 'After each usage report, a statement says what is due. Both sides see the same statement.',
  'statement.list.licensor': 'Due to you',
  'statement.list.licensor.none': 'Nobody has reported a use yet.',
  'statement.list.licensee': 'Due from you',
  'statement.list.licensee.none': 'You have not filed a usage report yet.',
  'statement.table': 'Table: {name}',
  'statement.chart': 'The sum of each period in {currency}',
  'statement.period': 'Period',
  'statement.due': 'Due',
  'statement.csv': 'Save as a table (CSV)',
  'statement.negotiated': 'by negotiation',
  'statement.free': 'free',
  'statement.members': 'Amounts of members',
  'statement.members.text': 'All statements are added up for each member. The society sets how it divides them.',
  'statement.member': 'Member',
  'statement.lines': 'Reported uses',
  'statement.amount': 'Amount',
  'statement.h1.licensor': 'Due from {name} · {period}',
  'statement.h1.licensee': 'Due to {name} · {period}',
  'statement.lead.licensor':
    'The terms of the grant give this amount for what the other side reported. You can dispute a line.',
  'statement.lead.licensee':
    'The terms of the grant give this amount for what you reported. A new revision corrects a mistake.',
  'statement.replaced': 'A newer revision of the report replaces this statement.',
  'statement.verdict': 'Kind of line',
  'statement.verdict.accepted': 'Accepted',
  'statement.verdict.unknown': 'Unknown work',
  'statement.verdict.outside-grant': 'Outside the grant',
  'statement.verdict.over-claimed': 'More than 100%',
  'statement.verdict.duplicate': 'Duplicate',
  'statement.verdict.accepted.text': 'These lines count.',
  'statement.verdict.unknown.text': 'These lines cannot be read, or nobody has registered the work. They do not count.',
  'statement.verdict.outside-grant.text':
    'The grant does not cover these works. They do not count, and the report permits nothing.',
  'statement.verdict.over-claimed.text': 'The shares of a work add up to more than 100%. These lines do not count.',
  'statement.verdict.duplicate.text': 'An earlier line says the same. It counts once.',
  'statement.arithmetic': 'Arithmetic',
  'statement.rounding': 'Only the sum is rounded, once.',
  'statement.proof': 'Proof',
  'statement.proof.text':
    'Issued on {time} and recorded in the public log. The signed file can be checked without this site.',
  'statement.signed': 'Save the signed statement',
  'statement.lines.csv': 'Save all lines (CSV)',
  'statement.line': 'Line {line}',
  'statement.line.unread': 'A line that cannot be read',
  'statement.dispute.begin': 'Dispute',
  'statement.dispute': 'Dispute line {line}',
  'statement.dispute.text': 'The other side reads and answers it. The amount stays until a new revision changes it.',
  'statement.dispute.send': 'Dispute',
  'statement.dispute.reason': 'What is wrong?',
  'statement.dispute.sent': 'Your dispute was sent.',
  'statement.disputes': 'Disputes',
  'statement.dispute.open': 'waits for an answer',
  'statement.dispute.accepted': 'accepted',
  'statement.dispute.rejected': 'rejected',
  'statement.answer.accepted': 'Accept',
  'statement.answer.accepted.text':
    'You say that the other side is right. A new revision of the report is needed to correct it.',
  'statement.answer.rejected': 'Reject',
  'statement.answer.rejected.text': 'You say that the other side is wrong. The statement stays as it is.',
  'statement.answer.reason': 'Reason',
  'statement.reports': 'Usage reports',
  'statement.reports.licensor': 'The licensee reports what it used in each period.',
  'statement.reports.licensee': 'You have to report what you used in each period. A program sends the report.',
  'statement.report': 'Statement for {period} (revision {revision})',
  'statement.report.open': '{period}: not filed yet ({lines} lines)',
};
