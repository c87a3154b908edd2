// Shape of C8QL. Two decisions keep it unambiguous and almost everywhere LL(1):
// - An expression is a flat chain of operands and operators; the tree builder applies the precedence table. Long chains cost no recursion.
// - `INSERT doc IN coll` reads `doc IN coll` as one chain, whose last operator the tree builder takes off again.
parser grammar C8QLParser;

options {
    tokenVocab = C8QLLexer;
}

query: withClause? body EOF;

withClause: WITH withCollection (COMMA? withCollection)*;

withCollection: name | COLLECTION_PARAMETER | VALUE_PARAMETER;

body: operation* returnOperation?;

// A body that cannot be mistaken for an expression, because it is not empty.
subquery: operation+ returnOperation? | returnOperation;

operation
    : forOperation
    | filterOperation
    | letOperation
    | sortOperation
    | limitOperation
    | collectOperation
    | windowOperation
    | insertOperation
    | updateOperation
    | removeOperation
    | upsertOperation
    ;

forOperation: FOR target (COMMA name)* IN (graphWalk | expression (graphWalk | searchClause? optionsClause?));

graphWalk: direction (pathKind expression TO expression | expression) graph pruneClause? optionsClause?;

direction: OUTBOUND | INBOUND | ANY;

pathKind: SHORTEST_PATH | ALL_SHORTEST_PATHS | K_SHORTEST_PATHS | K_PATHS;

graph: GRAPH (STRING | VALUE_PARAMETER | name) | edgeCollection (COMMA edgeCollection)*;

edgeCollection: direction? collection;

pruneClause: PRUNE (name ASSIGN)? expression;

searchClause: SEARCH expression;

optionsClause: OPTIONS (object | VALUE_PARAMETER);

collection: name | STRING | COLLECTION_PARAMETER | VALUE_PARAMETER;

filterOperation: FILTER expression;

letOperation: LET letItem (COMMA letItem)*;

letItem: target ASSIGN expression;

target: name | arrayTarget | objectTarget;

arrayTarget: L_BRACKET target? (COMMA target?)* R_BRACKET;

objectTarget: L_BRACE memberTarget? (COMMA memberTarget?)* R_BRACE;

memberTarget: name (COLON target)? | STRING COLON target;

sortOperation: SORT sortItem (COMMA sortItem)*;

sortItem: expression (ASC | DESC | literal | VALUE_PARAMETER)?;

limitOperation: LIMIT expression (COMMA expression)?;

collectOperation: COLLECT assignments? aggregateClause? (intoClause | countClause)? optionsClause?;

assignments: assignment (COMMA assignment)*;

assignment: name ASSIGN expression;

aggregateClause: AGGREGATE assignments;

intoClause: INTO name (ASSIGN expression | KEEP name (COMMA name)*)?;

countClause: WITH COUNT INTO name;

windowOperation: WINDOW expression (WITH object)? aggregateClause;

insertOperation: INSERT expression intoCollection? optionsClause?;

updateOperation: (UPDATE | REPLACE) expression (WITH expression)? intoCollection? optionsClause?;

removeOperation: REMOVE expression intoCollection? optionsClause?;

upsertOperation: UPSERT FILTER? expression INSERT expression (UPDATE | REPLACE) expression intoCollection? optionsClause?;

// The IN form ends the expression before it.
intoCollection: INTO collection;

returnOperation: RETURN DISTINCT? expression;

expression: chain (QUESTION expression? COLON chain)*;

chain
    : operand
      ( ( AND | OR | EQUAL | NOT_EQUAL | LESS | LESS_OR_EQUAL | GREATER | GREATER_OR_EQUAL | MATCHES | NOT_MATCHES
        | PLUS | MINUS | STAR | SLASH | PERCENT | RANGE | IN | LIKE
        ) operand
      | NOT (IN | LIKE | MATCHES | NOT_MATCHES) operand
      | quantifier (EQUAL | NOT_EQUAL | LESS | LESS_OR_EQUAL | GREATER | GREATER_OR_EQUAL | NOT? IN) operand
      )*
    ;

quantifier: ALL | ANY | NONE | AT LEAST L_PAREN expression R_PAREN;

operand: (NOT | PLUS | MINUS)* (literal | atom suffix*);

literal: NULL | TRUE | FALSE | INTEGER | DOUBLE | HEXADECIMAL | BINARY | STRING;

atom
    : name ((SCOPE name)* arguments)?
    | LIKE arguments
    | VALUE_PARAMETER
    | COLLECTION_PARAMETER
    | array
    | object
    | L_PAREN (subquery | expression) R_PAREN
    ;

// An argument that is a query needs no brackets of its own. Beside others it has to end in RETURN: so a comma behind LET or the collections of a graph
// never is the one between arguments.
arguments: L_PAREN (subqueryArguments | expression nextArgument*)? R_PAREN;

subqueryArguments: operation+ (returnOperation nextArgument*)? | returnOperation nextArgument*;

nextArgument: COMMA (returning | expression);

returning: operation* returnOperation;

array: L_BRACKET (expression (COMMA expression)* COMMA?)? R_BRACKET;

object: L_BRACE (member (COMMA member)* COMMA?)? R_BRACE;

member
    : name (COLON expression)?
    | (STRING | VALUE_PARAMETER | L_BRACKET expression R_BRACKET) COLON expression
    ;

suffix
    : DOT (name | VALUE_PARAMETER)
    | L_BRACKET (expansion | questionMark | expression) R_BRACKET
    ;

expansion: STAR+ (FILTER expression)? inlineLimit? (RETURN expression)?;

inlineLimit: LIMIT expression (COMMA expression)?;

questionMark: QUESTION+ (quantifier | expression)? (FILTER expression)?;

name: NAME | QUOTED_NAME | AT | COUNT | KEEP | LEAST | OPTIONS | PRUNE | SEARCH | TO;
