"""Highlighting for A64 assembly as the GNU assembler has it. (Pygments' own lexer takes the # of an
immediate for a comment.)"""

from pygments.lexer import RegexLexer, bygroups
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Text

__all__ = ['A64Lexer']

REGISTER = (r'\b(?:[xw](?:[12]?\d|30|zr)|w?sp|[vqdshb](?:[12]?\d|3[01])(?:\.\d*[bhsdq])?|'
            r'[a-z]\w*_el[0-3]|nzcv|daif(?:set|clr)?|fpcr|fpsr|spsel|currentel)\b')


class A64Lexer(RegexLexer):
    name = 'A64 assembly'
    aliases = ['a64']
    filenames = []

    tokens = {
        'root': [
            (r'//.*?$|/\*.*?\*/', Comment.Single),
            (r'^([.\w$]+)(:)', bygroups(Name.Label, Punctuation)),
            (r'(\s+|^)(\.[a-z_]\w*)', bygroups(Text, Keyword.Pseudo), 'operands'),
            (r'(\s+|^)([A-Za-z][\w.]*)', bygroups(Text, Name.Function), 'operands'),
            (r'\s+', Text),
            (r'.', Text),
        ],
        'operands': [
            (r'\n', Text, '#pop'),
            (r'//.*?$|/\*.*?\*/', Comment.Single),
            (r'"(\\.|[^"\\])*"', String),
            (r"'(\\.|[^'\\])'", String.Char),
            (REGISTER, Name.Variable),
            (r'#?-?(0x[0-9a-fA-F]+|0b[01]+|\d+[bf]?)\b', Number),
            (r'[A-Za-z_.$\\][\w.$]*', Name),
            (r'[-+*/|&~<>()=#:!^]', Operator),
            (r'[\[\]{},]', Punctuation),
            (r'[ \t]+', Text),
            (r'.', Text),
        ],
    }
