namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>Truth tables of Liberty's <c>function</c> strings: <c>!</c> and <c>'</c> negate, <c>*</c>, <c>&amp;</c> and a space are and,
/// <c>^</c> is exclusive or, <c>+</c> and <c>|</c> are or.</summary>
internal sealed class BooleanFunction
{
    private readonly string text;
    private readonly IReadOnlyList<string> inputs;
    private readonly int row;
    private int at;

    private BooleanFunction(string text, IReadOnlyList<string> inputs, int row) => (this.text, this.inputs, this.row) = (text, inputs, row);

    /// <summary>Value for every combination of inputs: bit n of the result, input i = bit i of n; −1 when the text is no function of these
    /// inputs.</summary>
    /// <param name="text">Function.</param>
    /// <param name="inputs">Names, at most four.</param>
    public static int Table(string text, IReadOnlyList<string> inputs)
    {
        var table = 0;
        for (var combination = 0; combination < 1 << inputs.Count; combination++)
        {
            var function = new BooleanFunction(text, inputs, combination);
            if (function.Or() is not { } value || function.Next() != '\0')
                return -1;
            table |= value ? 1 << combination : 0;
        }

        return table;
    }

    private char Next()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return at < text.Length ? text[at] : '\0';
    }

    private bool? Or()
    {
        var value = Xor();
        while (Next() is '+' or '|')
        {
            at++;
            value |= Xor();
        }

        return value;
    }

    private bool? Xor()
    {
        var value = And();
        while (Next() == '^')
        {
            at++;
            value ^= And();
        }

        return value;
    }

    private bool? And()
    {
        var value = Factor();
        while (Next() is var c && (c is '*' or '&' or '!' or '(' || char.IsAsciiLetterOrDigit(c)))
        {
            if (c is '*' or '&')
                at++;
            value &= Factor();
        }

        return value;
    }

    private bool? Factor()
    {
        bool? value;
        switch (Next())
        {
            case '!':
                at++;
                value = !Factor();
                break;
            case '(':
                at++;
                value = Or();
                if (Next() != ')')
                    return null;
                at++;
                break;
            default:
                var start = at;
                while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '[' or ']'))
                    at++;
                var input = start == at ? -1 : inputs.ToList().IndexOf(text[start..at]);
                if (input < 0)
                    return null;
                value = ((row >> input) & 1) != 0;
                break;
        }

        while (Next() == '\'')
        {
            at++;
            value = !value;
        }

        return value;
    }
}
