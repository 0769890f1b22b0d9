// $util.transform.toDynamoDBFilterExpression and toDynamoDBConditionExpression, as AppSync's: the simulator's own know
// neither attributeExists, attributeType nor size, and leave out the values of conditions.

const COMPARISONS = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' };
const TYPES = {
  _null: 'NULL',
  binary: 'B',
  binarySet: 'BS',
  bool: 'BOOL',
  list: 'L',
  map: 'M',
  number: 'N',
  numberSet: 'NS',
  string: 'S',
  stringSet: 'SS',
};

// marshal: writes a value as DynamoDB has it
export function expression(filter, marshal) {
  const names = {};
  const values = {};
  const value = (found) => {
    const name = `:v${Object.keys(values).length}`;
    values[name] = marshal(found);
    return name;
  };
  const operators = {
    attributeExists: (target, wanted) => `${wanted ? 'attribute_exists' : 'attribute_not_exists'}(${target})`,
    attributeType: (target, type) => `attribute_type(${target}, ${value(TYPES[type] ?? type)})`,
    beginsWith: (target, start) => `begins_with(${target}, ${value(start)})`,
    between: (target, [low, high]) => `${target} BETWEEN ${value(low)} AND ${value(high)}`,
    contains: (target, part) => `contains(${target}, ${value(part)})`,
    in: (target, list) => `${target} IN (${list.map(value).join(', ')})`,
    notContains: (target, part) => `NOT contains(${target}, ${value(part)})`,
  };
  const test = (target, [operator, operand]) => {
    if (operator === 'size') return joined(Object.entries(operand).map((one) => test(`size(${target})`, one)), 'AND');
    if (operator in COMPARISONS) return single(`${target} ${COMPARISONS[operator]} ${value(operand)}`);
    if (operator in operators) return single(operators[operator](target, operand));
    throw new Error(`unknown operator ${operator}`);
  };
  const tests = (field, condition) => {
    names[`#${field}`] = field;
    return joined(Object.entries(condition).map((one) => test(`#${field}`, one)), 'AND');
  };
  const tree = (node) => {
    const parts = Object.entries(node).map(([key, found]) => {
      if (found === null || found === undefined) return null;
      if (key === 'and' || key === 'or') return joined([found].flat().map(tree), key.toUpperCase());
      if (key !== 'not') return tests(key, found);
      const inner = tree(found);
      return inner && single(`NOT (${inner.text})`);
    });
    return joined(parts, 'AND');
  };
  return { expression: tree(filter)?.text ?? '', expressionNames: names, expressionValues: values };
}

// DynamoDB refuses redundant parentheses: a part knows whether it needs them
const single = (text) => ({ text, isSingle: true });

function joined(all, word) {
  const parts = all.filter(Boolean);
  if (parts.length < 2) return parts[0] ?? null;
  return { text: parts.map(({ text, isSingle }) => (isSingle ? text : `(${text})`)).join(` ${word} `), isSingle: false };
}
