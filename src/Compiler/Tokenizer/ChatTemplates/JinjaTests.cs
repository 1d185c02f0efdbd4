namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>What follows <c>is</c>: every test with the arguments that it takes.</summary>
internal static class JinjaTests
{
    private static readonly Dictionary<string, JinjaOperation> Known = new(StringComparer.Ordinal)
    {
        ["defined"] = Of(call => !JinjaValues.IsUndefined(call.Target)),
        ["undefined"] = Of(call => JinjaValues.IsUndefined(call.Target)),
        ["none"] = Of(call => call.Target is null),
        ["string"] = Of(call => call.Target is string),
        ["mapping"] = Of(call => call.Target is JinjaMap),
        ["iterable"] = Of(call => call.Target is string or List<object?> or JinjaMap || JinjaValues.IsUndefined(call.Target)),
        ["sequence"] = Of(call =>
            call.Target is string or JinjaMap or (List<object?> and not JinjaView) || JinjaValues.IsUndefined(call.Target)
        ),
        ["boolean"] = Of(call => call.Target is bool),
        ["true"] = Of(call => call.Target is true),
        ["false"] = Of(call => call.Target is false),
        ["integer"] = Of(call => call.Target is long),
        ["float"] = Of(call => call.Target is double),
        ["number"] = Of(call => call.Target is long or double or bool),
        ["callable"] = Of(call => call.Target is JinjaFunction || JinjaValues.IsUndefined(call.Target)),
        ["escaped"] = Of(call => JinjaMarkup.Is(call.Target)),
        ["odd"] = Of(call => Rest(call, 2) is 1),
        ["even"] = Of(call => Rest(call, 2) is 0),
        ["divisibleby"] = Of(call => Rest(call, JinjaValues.Whole(call.Get(0))) is 0, "num"),
        ["lower"] = Of(call => JinjaText.IsCased(call.Text, upper: false)),
        ["upper"] = Of(call => JinjaText.IsCased(call.Text, upper: true)),
        ["filter"] = Of(call => JinjaFilters.Knows(call.Text)),
        ["test"] = Of(call => Known!.ContainsKey(call.Text)),
        ["in"] = Of(call => JinjaOperators.Contains(call.Line, call.Target, call.Get(0)), "seq"),
        ["sameas"] = Of(call => IsSame(call.Target, call.Get(0)), "other"),
        ["eq"] = Comparing("=="),
        ["equalto"] = Comparing("=="),
        ["=="] = Comparing("=="),
        ["ne"] = Comparing("!="),
        ["!="] = Comparing("!="),
        ["gt"] = Comparing(">"),
        ["greaterthan"] = Comparing(">"),
        [">"] = Comparing(">"),
        ["ge"] = Comparing(">="),
        [">="] = Comparing(">="),
        ["lt"] = Comparing("<"),
        ["lessthan"] = Comparing("<"),
        ["<"] = Comparing("<"),
        ["le"] = Comparing("<="),
        ["<="] = Comparing("<="),
    };

    public static bool Apply(JinjaBudget budget, string name, object? value, JinjaArguments arguments) =>
        Known.TryGetValue(name, out var test)
            ? test.Call($"the test '{name}'", budget, value, arguments) is true
            : throw JinjaFault.At(arguments.Line, $"the test '{name}' is not supported");

    private static JinjaOperation Of(Func<JinjaCall, bool> holds, string signature = "") =>
        JinjaOperation.Of(call => holds(call), signature);

    private static JinjaOperation Comparing(string op) =>
        Of(call => JinjaOperators.Compare(call.Line, op, call.Target, call.Get(0)), "other");

    // Python's remainder has the sign of the divisor.
    private static double Rest(JinjaCall call, long? divisor)
    {
        var number = JinjaValues.Number(call.Target) ?? throw call.Fault("needs a number");
        if (divisor is null or 0)
            throw call.Fault("needs a whole number other than 0");
        return number - (divisor.Value * Math.Floor(number / divisor.Value));
    }

    private static bool IsSame(object? left, object? right) =>
        (left, right) switch
        {
            (null, null) => true,
            (bool a, bool b) => a == b,
            (long a, long b) => a == b && a is >= -5 and <= 256,
            (string a, string b) => a == b,
            _ => ReferenceEquals(left, right),
        };
}
