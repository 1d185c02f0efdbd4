using System.Globalization;
using System.Text;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Decode.Grammars;

/// <summary>Reads GBNF. Nesting, repetition and size are bounded.</summary>
internal sealed class GrammarParser(string source, Func<string, int>? token)
{
    /// <summary>Largest number in <c>{m,n}</c>.</summary>
    public const int LargestRepetition = 2000;

    private const int LongestSource = 1 << 20,
        DeepestNesting = 200,
        MostElements = 1 << 18;
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<GrammarElement[][]?> _rules = [];
    private readonly List<string> _names = [];
    private int _at;
    private int _elements;

    /// <summary>Name of each rule.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Reads the whole grammar.</summary>
    public Grammar Parse()
    {
        if (source.Length > LongestSource)
            throw Fault($"{source.Length} characters, at most {LongestSource} are allowed");
        Space(newLines: true);
        while (_at < source.Length)
            Rule();
        for (var i = 0; i < _rules.Count; i++)
            if (_rules[i] is null)
                throw new InputException($"grammar: undefined rule '{_names[i]}'");
        if (!_numbers.TryGetValue("root", out var root))
            throw new InputException("grammar: no rule named 'root'");
        return new Grammar([.. _rules.Select(rule => rule!)], root);
    }

    private void Rule()
    {
        var number = Number(Name());
        Space(newLines: false);
        if (!source.AsSpan(_at).StartsWith("::="))
            throw Fault("expected ::=");
        _at += 3;
        Space(newLines: true);
        _rules[number] = Alternatives(_names[number], 0);
        if (_at < source.Length && source[_at] is not ('\r' or '\n'))
            throw Fault("expected a new line or the end of the grammar");
        Space(newLines: true);
    }

    private GrammarElement[][] Alternatives(string rule, int depth)
    {
        if (depth > DeepestNesting)
            throw Fault($"groups are nested deeper than {DeepestNesting}");
        List<GrammarElement[]> all = [Sequence(rule, depth)];
        while (_at < source.Length && source[_at] == '|')
        {
            _at++;
            Space(newLines: true);
            all.Add(Sequence(rule, depth));
        }
        return [.. all];
    }

    private GrammarElement[] Sequence(string rule, int depth)
    {
        var sequence = new List<GrammarElement>();
        // Where the item before a repetition begins.
        var last = 0;
        while (_at < source.Length)
        {
            var c = source[_at];
            if (c is '*' or '+' or '?' or '{')
            {
                Repeat(rule, sequence, last);
                last = sequence.Count;
            }
            else if (c is '"' or '[' or '(' or '.' or '<' or '!' || IsNameCharacter(c))
            {
                last = sequence.Count;
                Item(rule, sequence, depth);
            }
            else
            {
                break;
            }
            Space(newLines: depth > 0);
        }
        return [.. sequence];
    }

    private void Item(string rule, List<GrammarElement> sequence, int depth)
    {
        switch (source[_at])
        {
            case '"':
                Literal(sequence);
                break;
            case '[':
                Add(sequence, Class());
                break;
            case '(':
                _at++;
                Space(newLines: true);
                var group = NewRule(rule);
                _rules[group] = Alternatives(rule, depth + 1);
                Expect(')');
                Add(sequence, new RuleElement(group));
                break;
            case '.':
                _at++;
                Add(sequence, new CharacterElement([], IsNegated: true));
                break;
            case '<' or '!':
                Add(sequence, Token());
                break;
            default:
                Add(sequence, new RuleElement(Number(Name())));
                break;
        }
    }

    private void Literal(List<GrammarElement> sequence)
    {
        _at++;
        while (true)
        {
            if (_at >= source.Length)
                throw Fault("a literal is not closed");
            if (source[_at] == '"')
                break;
            var point = Character();
            Add(sequence, new CharacterElement([(point, point)], IsNegated: false));
        }
        _at++;
    }

    private CharacterElement Class()
    {
        _at++;
        var negated = _at < source.Length && source[_at] == '^';
        if (negated)
            _at++;
        var ranges = new List<(int, int)>();
        while (true)
        {
            if (_at >= source.Length)
                throw Fault("a character class is not closed");
            if (source[_at] == ']')
                break;
            var low = Character();
            var high = low;
            if (_at + 1 < source.Length && source[_at] == '-' && source[_at + 1] != ']')
            {
                _at++;
                high = Character();
            }
            ranges.Add((low, high));
        }
        _at++;
        return new CharacterElement(ranges, negated);
    }

    private TokenElement Token()
    {
        var negated = source[_at] == '!';
        if (negated)
            _at++;
        if (_at >= source.Length || source[_at] != '<')
            throw Fault("expected <token> after !");
        var end = source.IndexOf('>', _at);
        if (end < 0)
            throw Fault("a token is not closed");
        var text = source[_at..(end + 1)];
        _at = end + 1;
        if (text.StartsWith("<[", StringComparison.Ordinal) && text.EndsWith("]>", StringComparison.Ordinal))
            return int.TryParse(text.AsSpan(2, text.Length - 4), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                ? new TokenElement(id, negated)
                : throw Fault($"'{text}' is not the id of a token");
        var known = token?.Invoke(text) ?? -1;
        return known >= 0 ? new TokenElement(known, negated) : throw Fault($"the vocabulary has no token '{text}'");
    }

    private void Repeat(string rule, List<GrammarElement> sequence, int last)
    {
        if (last == sequence.Count)
            throw Fault($"nothing precedes '{source[_at]}'");
        var (least, most) = Bounds();
        var item = sequence.GetRange(last, sequence.Count - last);
        sequence.RemoveRange(last, item.Count);
        for (var i = 0; i < least; i++)
            foreach (var element in item)
                Add(sequence, element);
        if (most == least)
            return;
        if (most is null)
        {
            var loop = NewRule(rule);
            _rules[loop] =
            [
                [.. item, new RuleElement(loop)],
                [],
            ];
            Add(sequence, new RuleElement(loop));
            return;
        }
        // Optional items nest: (a (a (a)?)?)?
        GrammarElement[] tail = [];
        for (var i = least; i < most; i++)
        {
            var optional = NewRule(rule);
            _rules[optional] =
            [
                [.. item, .. tail],
                [],
            ];
            _elements += item.Count + 1;
            tail = [new RuleElement(optional)];
        }
        Add(sequence, tail[0]);
    }

    private (int Least, int? Most) Bounds()
    {
        var c = source[_at++];
        if (c != '{')
            return c switch
            {
                '*' => (0, null),
                '+' => (1, null),
                _ => (0, 1),
            };
        Space(newLines: true);
        var least = Count();
        Space(newLines: true);
        int? most = least;
        if (_at < source.Length && source[_at] == ',')
        {
            _at++;
            Space(newLines: true);
            most = _at < source.Length && char.IsAsciiDigit(source[_at]) ? Count() : null;
            Space(newLines: true);
        }
        Expect('}');
        return most < least ? throw Fault($"{{{least},{most}}}: the second number is smaller") : (least, most);
    }

    private int Count()
    {
        var start = _at;
        while (_at < source.Length && char.IsAsciiDigit(source[_at]))
            _at++;
        return
            int.TryParse(source.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && n <= LargestRepetition
            ? n
            : throw Fault($"a repetition is a number from 0 to {LargestRepetition}");
    }

    private int Character()
    {
        if (source[_at] != '\\')
        {
            if (Rune.DecodeFromUtf16(source.AsSpan(_at), out var rune, out var used) != System.Buffers.OperationStatus.Done)
                throw Fault("a character is not valid Unicode");
            _at += used;
            return rune.Value;
        }
        _at++;
        var c = _at < source.Length ? source[_at++] : throw Fault("a \\ ends the grammar");
        return c switch
        {
            'x' => Hex(2),
            'u' => Hex(4),
            'U' => Hex(8),
            't' => '\t',
            'r' => '\r',
            'n' => '\n',
            '\\' or '"' or '[' or ']' => c,
            _ => throw Fault($"unknown escape \\{c}"),
        };
    }

    private int Hex(int digits)
    {
        if (
            _at + digits > source.Length
            || !int.TryParse(source.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            || value is < 0 or > 0x10FFFF
        )
            throw Fault($"expected {digits} hexadecimal digits");
        _at += digits;
        return value;
    }

    private string Name()
    {
        var start = _at;
        while (_at < source.Length && IsNameCharacter(source[_at]))
            _at++;
        return _at > start ? source[start.._at] : throw Fault("expected the name of a rule");
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '-';

    private int Number(string name)
    {
        if (_numbers.TryGetValue(name, out var number))
            return number;
        _numbers[name] = _rules.Count;
        return NewRule(name);
    }

    private int NewRule(string name)
    {
        _rules.Add(null);
        _names.Add(name);
        return _rules.Count - 1;
    }

    private void Add(List<GrammarElement> sequence, GrammarElement element)
    {
        if (++_elements > MostElements)
            throw Fault($"more than {MostElements} elements");
        sequence.Add(element);
    }

    private void Expect(char c)
    {
        if (_at >= source.Length || source[_at] != c)
            throw Fault($"expected '{c}'");
        _at++;
    }

    private void Space(bool newLines)
    {
        while (_at < source.Length && (source[_at] is ' ' or '\t' or '#' || (newLines && source[_at] is '\r' or '\n')))
        {
            if (source[_at] == '#')
                while (_at < source.Length && source[_at] is not ('\r' or '\n'))
                    _at++;
            else
                _at++;
        }
    }

    private InputException Fault(string what)
    {
        var before = source.AsSpan(0, Math.Min(_at, source.Length));
        var line = before.Count('\n') + 1;
        var column = before.Length - before.LastIndexOf('\n');
        return new InputException($"grammar: line {line}, column {column}: {what}");
    }
}
