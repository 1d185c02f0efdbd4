namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>A filter, test, method or function: what it does and which arguments it takes. Others are refused.</summary>
internal sealed record JinjaOperation
{
    /// <summary>What it does.</summary>
    public required Func<JinjaCall, object?> Run { get; init; }

    /// <summary>Names of the arguments, in Python's order.</summary>
    public required IReadOnlyList<string> Parameters { get; init; }

    /// <summary>How many of them must be given.</summary>
    public required int Required { get; init; }

    /// <summary>Whether it takes further arguments, by place and by name.</summary>
    public bool TakesMore { get; init; }

    /// <param name="run">What it does.</param>
    /// <param name="signature">Arguments as in Python, <c>"sep, maxsplit?"</c>; a question mark where one may be absent, <c>*</c> for
    /// further ones.</param>
    public static JinjaOperation Of(Func<JinjaCall, object?> run, string signature = "")
    {
        var names = signature.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var own = names.Where(name => name != "*").ToArray();
        return new JinjaOperation
        {
            Run = run,
            Parameters = [.. own.Select(name => name.TrimEnd('?'))],
            Required = own.Count(name => !name.EndsWith('?')),
            TakesMore = own.Length < names.Length,
        };
    }

    /// <summary>Binds arguments and runs.</summary>
    /// <param name="what">Kind and name for messages, such as <c>the filter 'round'</c>.</param>
    /// <param name="budget">Bounds the work.</param>
    /// <param name="target">The value before the bar, the word or the dot.</param>
    /// <param name="arguments">What the template gives.</param>
    public object? Call(string what, JinjaBudget budget, object? target, JinjaArguments arguments)
    {
        var line = arguments.Line;
        if (arguments.Positional.Count > Parameters.Count && !TakesMore)
            throw JinjaFault.At(line, $"{what} takes at most {Parameters.Count} arguments, not {arguments.Positional.Count}");
        foreach (var name in arguments.Named.Keys)
        {
            var at = IndexOf(name);
            if (at < 0 && !TakesMore)
                throw JinjaFault.At(line, $"{what} has no argument '{name}'");
            if (at >= 0 && at < arguments.Positional.Count)
                throw JinjaFault.At(line, $"{what} gets its argument '{name}' twice");
        }
        var bound = new object?[Parameters.Count];
        for (var i = 0; i < bound.Length; i++)
            bound[i] = arguments.Get(i, Parameters[i], JinjaCall.Absent);
        for (var i = 0; i < Required; i++)
            if (ReferenceEquals(bound[i], JinjaCall.Absent))
                throw JinjaFault.At(line, $"{what} needs its argument '{Parameters[i]}'");
        return Run(new JinjaCall(what, budget, target, bound, arguments));
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < Parameters.Count; i++)
            if (Parameters[i] == name)
                return i;
        return -1;
    }
}
