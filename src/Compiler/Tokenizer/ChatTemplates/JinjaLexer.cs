using System.Text.RegularExpressions;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Cuts a template into tokens and applies the white-space rules, so that the parser sees only what counts.</summary>
internal sealed partial class JinjaLexer
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
            if (kind == '%' && TryRaw())
                continue;
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

    // {% raw %} … {% endraw %}: everything in between is text.
    private bool TryRaw()
    {
        var tag = RawTag().Match(_source, _at);
        if (!tag.Success)
            return false;
        var line = _line;
        Advance(_at + tag.Length);
        AfterBlock(tag.Groups["mark"].ValueSpan is [var mark] ? mark : ' ');
        var end = EndRawTag().Match(_source, _at);
        if (!end.Success)
            throw JinjaFault.At(line, "'raw' without its 'endraw'");
        var text = _source.AsSpan(_at, end.Index - _at);
        if (end.Groups["mark"].ValueSpan is "-")
            text = text.TrimEnd();
        else if (end.Groups["mark"].ValueSpan is not "+" && IsBareLine(text, out var bare))
            text = bare;
        if (text.Length > 0)
            Add(JinjaTokenKind.Data, text.ToString());
        Advance(end.Index + end.Length);
        AfterBlock(end.Groups["close"].ValueSpan is [var close] ? close : ' ');
        return true;
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
                if (IsBareLine(text, out var bare))
                    text = bare;
            }
        }
        if (text.Length > 0)
            Add(JinjaTokenKind.Data, text.ToString());
        Advance(open);
    }

    // lstrip_blocks: a block alone on its line takes its indentation with it.
    private bool IsBareLine(ReadOnlySpan<char> text, out ReadOnlySpan<char> bare)
    {
        bare = text.TrimEnd(" \t");
        return bare.Length > 0 ? bare[^1] == '\n' : _at == 0 || _source[_at - 1] == '\n';
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
        var end = _at + 1;
        while (end < _source.Length && _source[end] != quote)
            end += _source[end] == '\\' ? 2 : 1;
        if (end >= _source.Length)
            throw JinjaFault.At(line, "text without its closing quote");
        Add(JinjaTokenKind.Text, JinjaEscapes.Read(line, _source.AsSpan(_at + 1, end - _at - 1)));
        Advance(end + 1);
    }

    // Python's forms: underscores between digits, 0x, 0o and 0b, a fraction, an exponent.
    private void ReadNumber()
    {
        var real = RealNumber().Match(_source, _at);
        if (real.Success)
        {
            Add(JinjaTokenKind.Float, real.Value);
            Advance(_at + real.Length);
            return;
        }
        var whole = WholeNumber().Match(_source, _at);
        Add(JinjaTokenKind.Integer, whole.Value);
        Advance(_at + whole.Length);
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

    [GeneratedRegex(@"\G\s*raw\s*(?<mark>[-+]?)%}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex RawTag();

    [GeneratedRegex(@"{%(?<mark>[-+]?)\s*endraw\s*(?<close>[-+]?)%}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex EndRawTag();

    [GeneratedRegex(
        @"\G[0-9](_?[0-9])*((\.[0-9](_?[0-9])*)([eE][-+]?[0-9](_?[0-9])*)?|[eE][-+]?[0-9](_?[0-9])*)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex RealNumber();

    [GeneratedRegex(
        @"\G(0[bB](_?[01])+|0[oO](_?[0-7])+|0[xX](_?[0-9a-fA-F])+|[0-9](_?[0-9])*)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex WholeNumber();
}
