/*
 * The query language of IoT Hub, as the local hub understands it. Sources: service-rest 7, which restates
 * "IoT Hub query language for device and module twins, jobs, and message routing" and "Queries for IoT Hub device
 * and module twins".
 *
 *     SELECT properties.reported.telemetryConfig.status AS status, COUNT() AS numberOfDevices
 *     FROM devices
 *     WHERE tags.location.region = 'US' AND properties.reported.battery < 20 + 5
 *     GROUP BY properties.reported.telemetryConfig.status
 *
 * What the grammar cannot say is checked where the tree is read (QueryReader): which functions exist, that a column
 * beside an aggregate is what is grouped by, that devices.jobs knows SELECT * only.
 */
grammar HubQuery;

// Keywords and function names are not case-sensitive; names of properties and texts are, and keep their case.
options {
    caseInsensitive = true;
}

/* ---- three ways in ------------------------------------------------------------------------------------------- */

// POST /devices/query, and the metrics of a configuration.
query
    : SELECT (TOP INTEGER)? projection FROM collection (WHERE condition)? (GROUP BY path)? EOF
    ;

// queryCondition of a job and targetCondition of a configuration: the part after WHERE, * for everything, or with a
// collection in front: FROM devices.modules WHERE moduleId = 'thermostat'
target
    : (FROM collection (WHERE condition)? | STAR | condition) EOF
    ;

/* ---- SELECT and FROM ----------------------------------------------------------------------------------------- */

projection
    : STAR
    | column (COMMA column)*
    ;

// Without an alias a column is called after the last name of its path.
column
    : (aggregate | path) (AS alias)?
    ;

// COUNT(), or SUM, AVG, MIN, MAX of a path.
aggregate
    : function LEFT_PARENTHESIS path? RIGHT_PARENTHESIS
    ;

alias
    : member
    ;

collection
    : DEVICES (DOT (MODULES | JOBS))?
    ;

/* ---- conditions, from the weakest operator to the strongest -------------------------------------------------- */

condition
    : conjunction (OR conjunction)*
    ;

conjunction
    : negation (AND negation)*
    ;

negation
    : NOT negation
    | comparison
    ;

comparison
    : sum (operator sum | (IN | NIN) array)?
    ;

operator
    : EQUAL
    | NOT_EQUAL
    | LESS
    | LESS_OR_EQUAL
    | GREATER
    | GREATER_OR_EQUAL
    ;

sum
    : product ((PLUS | MINUS) product)*
    ;

product
    : sign ((STAR | SLASH | PERCENT) sign)*
    ;

sign
    : MINUS sign
    | operand
    ;

operand
    : LEFT_PARENTHESIS condition RIGHT_PARENTHESIS
    | call
    | constant
    | path
    ;

// Of all functions a query knows IS_DEFINED only; the others are for message routes.
call
    : function LEFT_PARENTHESIS (condition (COMMA condition)*)? RIGHT_PARENTHESIS
    ;

function
    : NAME
    ;

/* ---- names and constants ------------------------------------------------------------------------------------- */

// tags.location.region, properties.reported.$version, configurations.[[my configuration]].status
path
    : root (DOT member)*
    ;

root
    : NAME
    | BRACKETED_NAME
    | DEVICES
    | MODULES
    | JOBS
    ;

// After a dot, or as an alias, a keyword is a name like any other: tags.group, AS top.
member
    : root
    | SELECT
    | TOP
    | AS
    | FROM
    | WHERE
    | GROUP
    | BY
    | AND
    | OR
    | NOT
    | IN
    | NIN
    | TRUE
    | FALSE
    | NULL
    | UNDEFINED
    ;

constant
    : UNDEFINED
    | NULL
    | TRUE
    | FALSE
    | number
    | TEXT
    | array
    ;

array
    : LEFT_BRACKET (element (COMMA element)*)? RIGHT_BRACKET
    ;

element
    : MINUS number
    | constant
    ;

number
    : INTEGER
    | DECIMAL
    | HEXADECIMAL
    ;

/* ---- words --------------------------------------------------------------------------------------------------- */

SELECT: 'select';
TOP: 'top';
AS: 'as';
FROM: 'from';
WHERE: 'where';
GROUP: 'group';
BY: 'by';
DEVICES: 'devices';
MODULES: 'modules';
JOBS: 'jobs';
AND: 'and';
OR: 'or';
NOT: 'not';
IN: 'in';
NIN: 'nin';
TRUE: 'true';
FALSE: 'false';
NULL: 'null';
UNDEFINED: 'undefined';

EQUAL: '=';
NOT_EQUAL: '!=' | '<>';
LESS_OR_EQUAL: '<=';
GREATER_OR_EQUAL: '>=';
LESS: '<';
GREATER: '>';
PLUS: '+';
MINUS: '-';
STAR: '*';
SLASH: '/';
PERCENT: '%';
DOT: '.';
COMMA: ',';
LEFT_PARENTHESIS: '(';
RIGHT_PARENTHESIS: ')';
LEFT_BRACKET: '[';
RIGHT_BRACKET: ']';

HEXADECIMAL: '0x' [0-9a-f]+;
INTEGER: [0-9]+;
DECIMAL: [0-9]+ ('.' [0-9]+)? EXPONENT | [0-9]+ '.' [0-9]+;

// 'text' or "text", with \' \" \\ \n and the like, and \u0041.
TEXT
    : '\'' (ESCAPE | ~['\\])* '\''
    | '"' (ESCAPE | ~["\\])* '"'
    ;

// A name with special characters; no quotes, so that [['a'], ['b']] stays an array of arrays.
BRACKETED_NAME: '[[' ~[\]'"\r\n]+ ']]';

NAME: [\p{Letter}_$] [\p{Letter}\p{Mark}0-9_$]*;

SPACE: [ \t\r\n]+ -> skip;

// Anything else, so that the parser can name it with its place.
STRAY: .;

fragment EXPONENT: 'e' [+-]? [0-9]+;
fragment ESCAPE: '\\' ([bfnrt/\\'"] | 'u' [0-9a-f] [0-9a-f] [0-9a-f] [0-9a-f]);
