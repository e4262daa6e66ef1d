// Makes five calls of the running service with the generated TypeScript client, and checks the answers.
import {
  BatchAnswerFromJSON, BatchLineToJSON, Configuration, DeclarationsApi, LogApi, LookupsApi, PartiesApi,
  type BatchLine, type DeclarationRequest,
} from './client/index';

declare const process: { argv: string[]; exit(code: number): never };

function check(call: string, holds: boolean): void {
  if (!holds) {
    throw new Error(call);
  }
}

async function main(basePath: string): Promise<void> {
  const party = await new PartiesApi(new Configuration({ basePath })).openParty({
    partyRequest: { name: 'A generated client', kind: 'publisher' },
  });
  const configuration = new Configuration({ basePath, accessToken: party.key });
  const declarations = new DeclarationsApi(configuration);
  const lookups = new LookupsApi(configuration);

  const request: DeclarationRequest = {
    subjects: ['isbn:9788936434120'],
    stances: { aiTraining: 'reserved' },
    terms: { contact: 'mailto:rights@example.com', payment: { type: 'use', amount: '1000', currency: 'KRW' } },
  };
  const declared = await declarations.declare({ declarationRequest: request });
  check('declare', declared.subjects?.[0] === 'isbn:9788936434120');

  const answers = await lookups.lookUp({
    lookupRequest: {
      items: [
        { id: 'declared', subjects: ['isbn:9788936434120'] },
        { id: 'refused', subjects: ['isbn:9788936434121'] },
      ],
      uses: ['generative-ai-training'],
      detail: 'full',
    },
  });
  check('lookUp', answers.answers[0].verdict === 'ask');
  check('lookUp, statements', answers.answers[0].statements?.[0].terms?.payment?.amount === '1000');
  check('lookUp, refused item', answers.answers[1].problem !== undefined);

  const now = await lookups.lookUpOne({
    subject: ['isbn:9788936434120'], use: ['ai-training'], asOf: answers.asOf,
  });
  check('lookUpOne as of the bulk answer', now.verdict === 'ask');
  const before = await lookups.lookUpOne({ subject: ['isbn:9788936434120'], asOf: String(declared.position! - 1) });
  check('lookUpOne as of the position before', before.verdict === 'unknown');

  // NDJSON is text for this generator: the lines are the body, and the answer is read line by line.
  const lines = ['b', 'c'].map((path): BatchLine => ({
    subjects: [`url:https://example.com/${path}`],
    stances: { aiTraining: 'reserved' },
  }));
  const batch = await declarations.declareBatchRaw({ batchLine: lines[0] }, async () => ({
    body: lines.map((line) => JSON.stringify(BatchLineToJSON(line))).join('\n'),
  }));
  const answered = (await batch.raw.text()).trim().split('\n').map((line) => BatchAnswerFromJSON(JSON.parse(line)));
  check('declareBatch', answered.length === 2 && answered.every((line) => line.id !== undefined && !line.problem));

  const proof = await new LogApi(configuration).getDeclarationProof({ id: declared.id! });
  check('getDeclarationProof', proof.checkpoint.includes('\n'));
  console.log('The TypeScript client made its calls.');
}

main(process.argv[2]).catch((failure) => {
  console.error(failure);
  process.exit(1);
});
