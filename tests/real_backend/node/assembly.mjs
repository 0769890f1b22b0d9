// Reads from a cloud assembly what AppSync would be configured with: schema, resolvers, functions, data sources, tables.
import fs from 'node:fs';
import path from 'node:path';
import { manifests, TABLE, Template } from './template.mjs';

export function readApi(assembly, apiId) {
  const uploads = manifests(assembly).flatMap(({ files }) => Object.values(files));
  const sources = new Map(uploads.flatMap(({ source, destinations }) => Object.values(destinations).map(({ objectKey }) => [objectKey, source.path])));
  const asset = (url) => fs.readFileSync(path.join(assembly, sources.get(url.split('/').pop())), 'utf8');
  const text = (inline, url) => inline ?? (url && asset(url));
  const code = (properties) => ({
    request: text(properties.RequestMappingTemplate, properties.RequestMappingTemplateS3Location),
    response: text(properties.ResponseMappingTemplate, properties.ResponseMappingTemplateS3Location),
  });

  const api = { resolvers: [], functions: [], dataSources: [], tables: [] };
  const read = {
    'AWS::AppSync::GraphQLApi': (found) => (api.settings = found),
    'AWS::AppSync::GraphQLSchema': (found) => (api.schema = text(found.Definition, found.DefinitionS3Location)),
    'AWS::AppSync::DataSource': (found) => api.dataSources.push(found),
    'AWS::AppSync::FunctionConfiguration': (found, id) => api.functions.push({ id, dataSource: found.DataSourceName, ...code(found) }),
    'AWS::AppSync::Resolver': (found) =>
      api.resolvers.push({
        typeName: found.TypeName,
        fieldName: found.FieldName,
        kind: found.Kind ?? 'UNIT',
        dataSource: found.DataSourceName,
        functions: found.PipelineConfig?.Functions ?? [],
        ...code(found),
      }),
    [TABLE]: (found) => api.tables.push(found),
  };
  const root = fs.readdirSync(assembly).find((name) => name.endsWith('.template.json') && !name.includes('.nested.'));
  for (const template of new Template(assembly, root, apiId).all()) {
    for (const [id, { Type, Properties }] of Object.entries(template.resources)) {
      read[Type]?.(template.value(Properties), `${template.file}/${id}`);
    }
  }
  return api;
}
