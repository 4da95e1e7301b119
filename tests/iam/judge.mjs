// The second judge: policy documents and requests on standard input, IAM's answers on standard output, as JSON.
import { readFileSync } from 'node:fs'
import { createValidatedPolicy, validateIdentityPolicy, validateResourcePolicy } from '@cloud-copilot/iam-policy'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const { documents, questions } = JSON.parse(readFileSync(0, 'utf8'))

// Questions name documents by their place in the list, so that each is checked once.
const once = (validate) => {
  const checked = new Map()
  return (index) => {
    if (!checked.has(index)) checked.set(index, createValidatedPolicy(documents[index], validate))
    return checked.get(index)
  }
}
const identityPolicy = once(validateIdentityPolicy)
const resourcePolicy = once(validateResourcePolicy)
const named = (indexes) => indexes.map((index) => ({ name: `policy-${index}`, policy: identityPolicy(index) }))

// `ignored` are the condition keys of which the judge's own data says that the action does not know them.
async function answer({ principal, action, resource, account, context, identity, boundary, resource_policy }) {
  const found = await runSimulation(
    {
      request: { principal, action, resource: { resource, accountId: account }, contextVariables: context },
      identityPolicies: named(identity),
      permissionBoundaryPolicies: boundary === null ? undefined : named([boundary]),
      resourcePolicy: resource_policy === null ? undefined : resourcePolicy(resource_policy),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    { simulationMode: 'Strict' }
  )
  return found.resultType === 'error'
    ? { result: `Error: ${JSON.stringify(found.errors)}`, ignored: [] }
    : { result: found.overallResult, ignored: found.result?.ignoredContextKeys ?? [] }
}

const answers = []
for (const question of questions) {
  answers.push(await answer(question))
}
process.stdout.write(JSON.stringify(answers))
