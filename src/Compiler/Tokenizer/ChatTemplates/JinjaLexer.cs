using System.Text;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Cuts a template into tokens and applies the white-space rules, so that the parser sees only what counts.</summary>
internal sealed class JinjaLexer
{
    private static readonly string[] Operators =
    [
        "**",
        "//",
        "==",
        "!=",
        "<=",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "~",
        "<",
        ">",
        "=",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        ":",
        "|",
    ];

    private readonly string _source;
    private readonly List<JinjaToken> _tokens = [];
    private int _at;
    private int _line = 1;

    private JinjaLexer(string source) => _source = source;

    public static IReadOnlyList<JinjaToken> Read(string source)
    {
        source = source.Replace("\r\n", "\n", StringComparison.Ordinal);
        var lexer = new JinjaLexer(source.EndsWith('\n') ? source[..^1] : source);
        lexer.ReadAll();
        return lexer._tokens;
    }

    private void ReadAll()
    {
        while (_at < _source.Length)
        {
            var open = FindOpening(_at);
            ReadData(open);
            if (open >= _source.Length)
                break;
            var kind = _source[open + 1];
            Advance(open + 2);
            if (_at < _source.Length && _source[_at] is '-' or '+')
                Advance(_at + 1);
            if (kind == '#')
            {
                SkipComment();
            }
            else
            {
                Add(JinjaTokenKind.Operator, kind == '{' ? "{{" : "{%");
                ReadInside(kind == '{' ? "}}" : "%}");
            }
        }
        Add(JinjaTokenKind.End, "");
    }

    private int FindOpening(int from)
    {
        for (var i = from; i + 1 < _source.Length; i++)
            if (_source[i] == '{' && _source[i + 1] is '{' or '%' or '#')
                return i;
        return _source.Length;
    }

    // Text up to the next opening; its end is stripped when the opening asks for it.
    private void ReadData(int open)
    {
        var text = _source.AsSpan(_at, open - _at);
        if (open < _source.Length)
        {
            var mark = open + 2 < _source.Length ? _source[open + 2] : ' ';
            if (mark == '-')
            {
                text = text.TrimEnd();
            }
            else if (_source[open + 1] != '{' && mark != '+')
            {
                // lstrip_blocks: a block alone on its line takes its indentation with it.
                var bare = text.TrimEnd(" \t");
                if (bare.Length > 0 ? bare[^1] == '\n' : _at == 0 || _source[_at - 1] == '\n')
                    text = bare;
            }
        }
        if (text.Length > 0)
            Add(JinjaTokenKind.Data, text.ToString());
        Advance(open);
    }

    private void SkipComment()
    {
        var line = _line;
        var close = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (close < 0)
            throw JinjaFault.At(line, "comment without its #}");
        var mark = close > _at ? _source[close - 1] : ' ';
        Advance(close + 2);
        AfterBlock(mark);
    }

    private void AfterBlock(char mark)
    {
        if (mark == '-')
            SkipWhiteSpace();
        else if (mark != '+' && _at < _source.Length && _source[_at] == '\n')
            Advance(_at + 1);
    }

    private void SkipWhiteSpace()
    {
        while (_at < _source.Length && char.IsWhiteSpace(_source[_at]))
            Advance(_at + 1);
    }

    private void ReadInside(string close)
    {
        var line = _line;
        var depth = 0;
        while (true)
        {
            SkipWhiteSpace();
            if (_at >= _source.Length)
                throw JinjaFault.At(line, $"no {close} to close this tag");
            if (depth == 0 && TryClose(close))
                return;
            var c = _source[_at];
            if (c is '\'' or '"')
                ReadText(c);
            else if (char.IsAsciiDigit(c))
                ReadNumber();
            else if (char.IsAsciiLetter(c) || c == '_')
                ReadName();
            else
                depth += ReadOperator();
        }
    }

    private bool TryClose(string close)
    {
        var rest = _source.AsSpan(_at);
        var mark = rest[0] is '-' or '+' && rest[1..].StartsWith(close, StringComparison.Ordinal) ? rest[0] : ' ';
        if (mark == ' ' && !rest.StartsWith(close, StringComparison.Ordinal))
            return false;
        Add(JinjaTokenKind.Operator, close);
        Advance(_at + (mark == ' ' ? 2 : 3));
        if (close == "%}")
            AfterBlock(mark);
        else if (mark == '-')
            SkipWhiteSpace();
        return true;
    }

    private void ReadText(char quote)
    {
        var line = _line;
        var text = new StringBuilder();
        var i = _at + 1;
        for (; i < _source.Length && _source[i] != quote; i++)
        {
            if (_source[i] != '\\' || i + 1 >= _source.Length)
            {
                text.Append(_source[i]);
                continue;
            }
            i++;
            if (
                _source[i] == 'u'
                && i + 4 < _source.Length
                && ushort.TryParse(
                    _source.AsSpan(i + 1, 4),
                    System.Globalization.NumberStyles.AllowHexSpecifier,
                    provider: null,
                    out var unit
                )
            )
            {
                text.Append((char)unit);
                i += 4;
                continue;
            }
            text.Append(
                _source[i] switch
                {
                    'n' => "\n",
                    't' => "\t",
                    'r' => "\r",
                    'b' => "\b",
                    'f' => "\f",
                    '\\' or '\'' or '"' => _source[i].ToString(),
                    var other => "\\" + other,
                }
            );
        }
        if (i >= _source.Length)
            throw JinjaFault.At(line, "text without its closing quote");
        Add(JinjaTokenKind.Text, text.ToString());
        Advance(i + 1);
    }

    private void ReadNumber()
    {
        var end = _at;
        while (end < _source.Length && char.IsAsciiDigit(_source[end]))
            end++;
        var kind = JinjaTokenKind.Integer;
        if (end + 1 < _source.Length && _source[end] == '.' && char.IsAsciiDigit(_source[end + 1]))
        {
            kind = JinjaTokenKind.Float;
            end++;
            while (end < _source.Length && char.IsAsciiDigit(_source[end]))
                end++;
        }
        Add(kind, _source[_at..end]);
        Advance(end);
    }

    private void ReadName()
    {
        var end = _at;
        while (end < _source.Length && (char.IsAsciiLetterOrDigit(_source[end]) || _source[end] == '_'))
            end++;
        Add(JinjaTokenKind.Name, _source[_at..end]);
        Advance(end);
    }

    // Returns the change of bracket depth: inside brackets a "}}" closes two maps, not the tag.
    private int ReadOperator()
    {
        foreach (var op in Operators)
        {
            if (!_source.AsSpan(_at).StartsWith(op, StringComparison.Ordinal))
                continue;
            Add(JinjaTokenKind.Operator, op);
            Advance(_at + op.Length);
            return op is "(" or "[" or "{" ? 1
                : op is ")" or "]" or "}" ? -1
                : 0;
        }
        throw JinjaFault.At(_line, $"unexpected character '{_source[_at]}'");
    }

    private void Add(JinjaTokenKind kind, string value) => _tokens.Add(new JinjaToken(kind, value, _line));

    private void Advance(int to)
    {
        _line += _source.AsSpan(_at, to - _at).Count('\n');
        _at = to;
    }
}
