// Evaluates what CDK synthesised: CloudFormation's references, parameters and conditions become values.
import fs from 'node:fs';
import path from 'node:path';

export const ACCOUNT = '123456789012';
export const REGION = 'us-east-1';
export const TABLE = 'Custom::AmplifyDynamoDBTable';

const PSEUDO = {
  'AWS::AccountId': ACCOUNT,
  'AWS::NoValue': undefined,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::StackId': 'stack-id',
  'AWS::StackName': 'stack',
  'AWS::URLSuffix': 'amazonaws.com',
};

export class Template {
  // parameters: functions that give the values, as a nested stack's depend on its siblings
  constructor(assembly, file, apiId, parameters = {}) {
    Object.assign(this, { assembly, file, apiId, parameters });
    const { Resources = {}, Conditions = {}, Outputs = {}, Parameters = {} } = readJson(assembly, file);
    Object.assign(this, { resources: Resources, conditions: Conditions, outputs: Outputs, declared: Parameters });
    this.nested = {};
  }

  // this template and those below it
  *all() {
    yield this;
    for (const [id, { Type }] of Object.entries(this.resources)) {
      if (Type === 'AWS::CloudFormation::Stack') yield* this.child(id).all();
    }
  }

  child(id) {
    const { TemplateURL, Parameters = {} } = this.resources[id].Properties;
    const parameters = Object.fromEntries(Object.entries(Parameters).map(([name, value]) => [name, () => this.value(value)]));
    return (this.nested[id] ??= new Template(this.assembly, nestedFile(this.assembly, TemplateURL), this.apiId, parameters));
  }

  value(found) {
    if (Array.isArray(found)) return found.map((item) => this.value(item)).filter((item) => item !== undefined);
    if (found === null || typeof found !== 'object') return found;
    const entries = Object.entries(found);
    if (entries.length === 1 && entries[0][0] in INTRINSIC) return INTRINSIC[entries[0][0]](this, entries[0][1]);
    return Object.fromEntries(entries.map(([key, item]) => [key, this.value(item)]).filter(([, item]) => item !== undefined));
  }

  reference(name) {
    if (name in PSEUDO) return PSEUDO[name];
    if (name in this.parameters) return this.parameters[name]();
    if (name in this.declared) return this.declared[name].Default ?? `parameter:${name}`;
    const resource = this.resources[name];
    return resource?.Type === TABLE ? this.value(resource.Properties.tableName) : name;
  }

  attribute(id, name) {
    const { Type, Properties } = this.resources[id];
    if (Type === 'AWS::CloudFormation::Stack') {
      const child = this.child(id);
      return child.value(child.outputs[name.replace('Outputs.', '')].Value);
    }
    if (Type === TABLE && name === 'TableArn') return `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${this.reference(id)}`;
    if (Type === 'AWS::AppSync::GraphQLApi' && name === 'ApiId') return this.apiId;
    if (Type === 'AWS::AppSync::DataSource' && name === 'Name') return this.value(Properties.Name);
    if (Type === 'AWS::AppSync::FunctionConfiguration' && name === 'FunctionId') return `${this.file}/${id}`;
    return `${id}.${name}`;
  }

  holds(name) {
    return this.isTrue(this.conditions[name]);
  }

  isTrue(condition) {
    const [[kind, operands]] = Object.entries(condition);
    if (kind === 'Condition') return this.holds(operands);
    if (kind === 'Fn::Equals') return this.value(operands[0]) === this.value(operands[1]);
    if (kind === 'Fn::Not') return !this.isTrue(operands[0]);
    if (kind === 'Fn::And') return operands.every((operand) => this.isTrue(operand));
    if (kind === 'Fn::Or') return operands.some((operand) => this.isTrue(operand));
    throw new Error(`${this.file} has a condition of an unknown kind: ${kind}`);
  }
}

const INTRINSIC = {
  Ref: (template, name) => template.reference(name),
  'Fn::GetAtt': (template, where) => {
    const [id, ...name] = Array.isArray(where) ? where : where.split('.');
    return template.attribute(id, name.join('.'));
  },
  'Fn::If': (template, [name, yes, no]) => template.value(template.holds(name) ? yes : no),
  'Fn::Join': (template, [separator, parts]) => template.value(parts).join(separator),
  'Fn::Select': (template, [index, list]) => template.value(list)[index],
  'Fn::Split': (template, [separator, text]) => template.value(text).split(separator),
  'Fn::Sub': (template, argument) => {
    const [text, values] = Array.isArray(argument) ? argument : [argument, {}];
    return text.replace(/\$\{([^}!]+)\}/g, (_, name) => {
      if (name in values) return template.value(values[name]);
      return name.includes('.') ? INTRINSIC['Fn::GetAtt'](template, name) : template.reference(name);
    });
  },
};

function nestedFile(assembly, url) {
  const [, hash] = JSON.stringify(url).match(/([0-9a-f]{64})\.json/);
  for (const { files } of manifests(assembly)) if (files[hash]) return files[hash].source.path;
  throw new Error(`${assembly} has no nested template ${hash}`);
}

// what CDK would upload, and where to
export const manifests = (assembly) =>
  fs.readdirSync(assembly).filter((name) => name.endsWith('.assets.json')).map((name) => readJson(assembly, name));

const readJson = (...where) => JSON.parse(fs.readFileSync(path.join(...where), 'utf8'));
