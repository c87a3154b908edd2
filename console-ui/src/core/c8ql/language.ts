import { LRLanguage, LanguageSupport, foldInside, foldNodeProp, indentNodeProp, continuedIndent, delimitedIndent } from '@codemirror/language';
import { styleTags, tags as t } from '@lezer/highlight';
import { parser } from './parser';

/** The language of the editor: colours, folding, indentation, comments, brackets. */
export const c8qlLanguage = LRLanguage.define({
  name: 'c8ql',
  parser: parser.configure({
    props: [
      styleTags({
        'FOR FILTER LET SORT LIMIT COLLECT WINDOW RETURN WITH IN INTO AGGREGATE DISTINCT GRAPH KEEP COUNT OPTIONS PRUNE SEARCH TO': t.keyword,
        'INSERT UPDATE REPLACE REMOVE UPSERT': t.moduleKeyword,
        'AND OR NOT LIKE ALL NONE AT LEAST': t.operatorKeyword,
        'OUTBOUND INBOUND ANY ASC DESC SHORTEST_PATH ALL_SHORTEST_PATHS K_SHORTEST_PATHS K_PATHS': t.modifier,
        'NULL TRUE FALSE': t.atom,
        'CURRENT OLD NEW': t.self,
        'VariableName/Identifier': t.variableName,
        'VariableName/QuotedName': t.variableName,
        'Call/VariableName/Identifier': t.function(t.variableName),
        QualifiedName: t.function(t.variableName),
        'Member/AttributeName': t.propertyName,
        'Property/AttributeName': t.definition(t.propertyName),
        'QuotedAttribute/String QuotedAttribute/QuotedName QuotedMember/QuotedName': t.definition(t.propertyName),
        'BindParameter CollectionParameter': t.special(t.variableName),
        Number: t.number,
        String: t.string,
        LineComment: t.lineComment,
        BlockComment: t.blockComment,
        'Comparison Logic Arithmetic RangeOperator Assign Question Colon': t.operator,
        '( ) [ ] { }': t.bracket,
        ', .': t.separator,
      }),
      foldNodeProp.add({
        'Brackets Object Parenthesized Arguments': foldInside,
        BlockComment: node => ({ from: node.from + 2, to: node.to - 2 }),
      }),
      indentNodeProp.add({
        Brackets: delimitedIndent({ closing: ']', align: false }),
        Object: delimitedIndent({ closing: '}', align: false }),
        'Parenthesized Arguments': delimitedIndent({ closing: ')', align: false }),
        'Filter Let Sort Limit Collect Window Return Insert Update Replace Remove Upsert': continuedIndent(),
      }),
    ],
  }),
  languageData: {
    commentTokens: { line: '//', block: { open: '/*', close: '*/' } },
    closeBrackets: { brackets: ['(', '[', '{', "'", '"', '`'] },
    indentOnInput: /^\s*[\])}]$/,
  },
});

export const c8ql = () => new LanguageSupport(c8qlLanguage);
