// Tokens of C8QL. Keywords are reserved in any case; the contextual words at the end of their list stay usable as names (rule `name` of the parser).
lexer grammar C8QLLexer;

options {
    caseInsensitive = true;
}

AGGREGATE: 'AGGREGATE';
ALL: 'ALL';
ALL_SHORTEST_PATHS: 'ALL_SHORTEST_PATHS';
AND: 'AND' | '&&';
ANY: 'ANY';
ASC: 'ASC';
COLLECT: 'COLLECT';
DESC: 'DESC';
DISTINCT: 'DISTINCT';
FALSE: 'FALSE';
FILTER: 'FILTER';
FOR: 'FOR';
GRAPH: 'GRAPH';
IN: 'IN';
INBOUND: 'INBOUND';
INSERT: 'INSERT';
INTO: 'INTO';
K_PATHS: 'K_PATHS';
K_SHORTEST_PATHS: 'K_SHORTEST_PATHS';
LET: 'LET';
LIKE: 'LIKE';
LIMIT: 'LIMIT';
NONE: 'NONE';
NOT: 'NOT' | '!';
NULL: 'NULL';
OR: 'OR' | '||';
OUTBOUND: 'OUTBOUND';
REMOVE: 'REMOVE';
REPLACE: 'REPLACE';
RETURN: 'RETURN';
SHORTEST_PATH: 'SHORTEST_PATH';
SORT: 'SORT';
TRUE: 'TRUE';
UPDATE: 'UPDATE';
UPSERT: 'UPSERT';
WINDOW: 'WINDOW';
WITH: 'WITH';

// Contextual words.
AT: 'AT';
COUNT: 'COUNT';
KEEP: 'KEEP';
LEAST: 'LEAST';
OPTIONS: 'OPTIONS';
PRUNE: 'PRUNE';
SEARCH: 'SEARCH';
TO: 'TO';

MATCHES: '=~';
NOT_MATCHES: '!~';
EQUAL: '==';
NOT_EQUAL: '!=';
LESS_OR_EQUAL: '<=';
GREATER_OR_EQUAL: '>=';
LESS: '<';
GREATER: '>';
ASSIGN: '=';
PLUS: '+';
MINUS: '-';
STAR: '*';
SLASH: '/';
PERCENT: '%';
QUESTION: '?';
SCOPE: '::';
COLON: ':';
RANGE: '..';
DOT: '.';
COMMA: ',';
L_PAREN: '(';
R_PAREN: ')';
L_BRACE: '{';
R_BRACE: '}';
L_BRACKET: '[';
R_BRACKET: ']';

// `01` is the two tokens `0` and `1`, and `1.` is `1` and `.`: both fail in the parser, and `1..2` needs no blanks.
HEXADECIMAL: '0X' [0-9A-F]+;
BINARY: '0B' [01]+;
INTEGER: DIGITS;
DOUBLE: (DIGITS ('.' [0-9]+)? EXPONENT) | (DIGITS '.' [0-9]+) | ('.' [0-9]+ EXPONENT?);

NAME: '$' [A-Z0-9_]* | [A-Z] [A-Z0-9_]* | '_'+ [A-Z] [A-Z0-9_]*;
QUOTED_NAME: ('`' (~[`\\] | '\\' .)+ '`') | ('\u00B4' (~[\u00B4\\] | '\\' .)+ '\u00B4');
STRING: ('"' (~["\\] | '\\' .)* '"') | ('\'' (~['\\] | '\\' .)* '\'');
COLLECTION_PARAMETER: '@@' PARAMETER_NAME;
VALUE_PARAMETER: '@' PARAMETER_NAME;

BLANKS: [ \t\r\n]+ -> skip;
LINE_COMMENT: '//' ~[\r\n]* -> skip;
BLOCK_COMMENT: '/*' .*? '*/' -> skip;

// Anything else is one bad character, so that the lexer never fails and the parser reports it with its place.
UNKNOWN: .;

fragment DIGITS: '0' | [1-9] [0-9]*;
fragment EXPONENT: 'E' [+-]? [0-9]+;
fragment PARAMETER_NAME: '_'* [A-Z0-9] [A-Z0-9_]*;
