using System.Text;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>A regular expression of a schema as a rule: literals, classes, groups, alternatives and repetitions between ^ and $.</summary>
internal sealed class SchemaPattern
{
    private const int DeepestNesting = 100;
    private readonly string _pattern;
    private int _at;

    /// <exception cref="InputException">It is not anchored at both ends.</exception>
    public SchemaPattern(string pattern)
    {
        _pattern = pattern;
        if (pattern.Length < 2 || pattern[0] != '^' || pattern[^1] != '$')
            throw Refuse("it must begin with ^ and end with $");
        (_at, End) = (1, pattern.Length - 1);
    }

    private int End { get; }

    /// <summary>The rule.</summary>
    /// <exception cref="InputException">Something that a grammar cannot say, or a syntax error.</exception>
    public string ToRule()
    {
        var rule = Alternatives(0);
        return _at == End ? rule : throw Refuse("unbalanced parentheses");
    }

    private string Alternatives(int depth)
    {
        if (depth > DeepestNesting)
            throw Refuse("groups are nested too deep");
        var rule = new StringBuilder(Sequence(depth));
        while (_at < End && _pattern[_at] == '|')
        {
            _at++;
            rule.Append(" | ").Append(Sequence(depth));
        }
        return rule.ToString();
    }

    private string Sequence(int depth)
    {
        var items = new List<string>();
        while (_at < End && _pattern[_at] is not ('|' or ')'))
            items.Add(Atom(depth) + Repetition());
        return string.Join(' ', items);
    }

    private string Atom(int depth)
    {
        switch (_pattern[_at])
        {
            case '.':
                _at++;
                return "[^\\x0A\\x0D]";
            case '[':
                return Class();
            case '(':
                _at++;
                if (_at < End && _pattern[_at] == '?')
                {
                    if (_at + 1 >= End || _pattern[_at + 1] != ':')
                        throw Refuse("groups with ? other than (?:…) are not supported");
                    _at += 2;
                }
                var group = Alternatives(depth + 1);
                if (_at >= End || _pattern[_at] != ')')
                    throw Refuse("unbalanced parentheses");
                _at++;
                return "(" + group + ")";
            case '*' or '+' or '?' or '{':
                throw Refuse("nothing to repeat");
            case '^' or '$':
                throw Refuse("an anchor inside the pattern is not supported");
            case '\\':
                return Escape();
            default:
                var length = char.IsHighSurrogate(_pattern[_at]) && _at + 1 < End ? 2 : 1;
                var literal = SchemaRules.Literal(_pattern.Substring(_at, length));
                _at += length;
                return literal;
        }
    }

    private string Escape()
    {
        if (_at + 1 >= End)
            throw Refuse("a \\ ends the pattern");
        var c = _pattern[_at + 1];
        _at += 2;
        return c switch
        {
            'd' => "[0-9]",
            'D' => "[^0-9]",
            'w' => "[A-Za-z0-9_]",
            'W' => "[^A-Za-z0-9_]",
            's' => "[ \\t\\r\\n]",
            'S' => "[^ \\t\\r\\n]",
            // In a JSON string, a control character is written with an escape of JSON.
            'n' => "\"\\\\n\"",
            'r' => "\"\\\\r\"",
            't' => "\"\\\\t\"",
            _ when char.IsAsciiLetterOrDigit(c) => throw Refuse($"the escape \\{c} is not supported"),
            _ => SchemaRules.Literal(c.ToString()),
        };
    }

    private string Class()
    {
        var start = _at++;
        if (_at < End && _pattern[_at] == '^')
            _at++;
        var text = new StringBuilder(_pattern[start.._at]);
        while (_at < End && _pattern[_at] != ']')
        {
            if (_pattern[_at] == '\\' && _at + 1 < End)
            {
                text.Append(
                    _pattern[_at + 1] switch
                    {
                        'd' => "0-9",
                        'w' => "A-Za-z0-9_",
                        's' => " \\t\\r\\n",
                        var c when char.IsAsciiLetterOrDigit(c) && c is not ('n' or 'r' or 't') => throw Refuse(
                            $"the escape \\{c} in a class is not supported"
                        ),
                        var c when char.IsAsciiLetter(c) => "\\" + c,
                        var c => $"\\x{(int)c:X2}",
                    }
                );
                _at += 2;
                continue;
            }
            text.Append(_pattern[_at++]);
        }
        if (_at >= End)
            throw Refuse("a character class is not closed");
        _at++;
        return text.Append(']').ToString();
    }

    private string Repetition()
    {
        if (_at >= End)
            return "";
        if (_pattern[_at] is '*' or '+' or '?')
            return _pattern[_at++].ToString();
        if (_pattern[_at] != '{')
            return "";
        var close = _pattern.IndexOf('}', _at);
        if (close < 0 || close >= End || !_pattern[(_at + 1)..close].All(c => char.IsAsciiDigit(c) || c == ','))
            throw Refuse("a repetition is {m}, {m,} or {m,n}");
        var bounds = _pattern[_at..(close + 1)];
        _at = close + 1;
        return bounds.StartsWith("{,", StringComparison.Ordinal) ? "{0" + bounds[1..] : bounds;
    }

    private InputException Refuse(string what) => new($"JSON schema conversion failed:\npattern {_pattern}: {what}");
}
