using System.Text;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Walks the syntax tree of a template once.</summary>
internal sealed class JinjaInterpreter
{
    private static readonly IReadOnlyDictionary<string, object?> NoNames = new Dictionary<string, object?>(StringComparer.Ordinal);
    private readonly JinjaBudget _budget = new();
    private readonly JinjaScope _globals = new(outer: null);
    private JinjaScope _scope;
    private StringBuilder _output = new();

    public JinjaInterpreter(IReadOnlyDictionary<string, object?> variables, DateTime now)
    {
        _globals.Set("range", (JinjaFunction)Range);
        _globals.Set("namespace", (JinjaFunction)MakeNamespace);
        _globals.Set("dict", (JinjaFunction)MakeMap);
        _globals.Set(
            "raise_exception",
            (JinjaFunction)(
                arguments =>
                    throw JinjaFault.At(
                        arguments.Line,
                        $"the template refuses this conversation: {JinjaValues.ToText(arguments.Get(0, "message"))}"
                    )
            )
        );
        _globals.Set("strftime_now", (JinjaFunction)(arguments => JinjaClock.Format(arguments.Line, now, arguments.Text(0, "format"))));
        foreach (var (name, value) in variables)
            _globals.Set(name, value);
        _scope = _globals;
    }

    private enum Flow
    {
        Next,
        Break,
        Continue,
    }

    public string Run(IReadOnlyList<Statement> body)
    {
        Execute(body);
        return _output.ToString();
    }

    /// <summary>Items of a list, keys of a map, characters of a text; none of an undefined value.</summary>
    public static List<object?> Items(JinjaBudget budget, int line, object? value) =>
        value switch
        {
            List<object?> list => list,
            OrderedDictionary<string, object?> map => budget.Made(line, map.Keys.ToList<object?>()),
            string text => budget.Made(line, text.EnumerateRunes().Select(object? (rune) => rune.ToString()).ToList()),
            _ when ReferenceEquals(value, JinjaValues.Undefined) => [],
            _ => throw JinjaFault.At(line, $"{JinjaOperators.NameOf(value)} has no items"),
        };

    private Flow Execute(IReadOnlyList<Statement> body)
    {
        foreach (var statement in body)
        {
            _budget.Spend(statement.Line);
            var flow = Execute(statement);
            if (flow != Flow.Next)
                return flow;
        }
        return Flow.Next;
    }

    private Flow Execute(Statement statement)
    {
        switch (statement)
        {
            case Data data:
                _output.Append(_budget.Made(data.Line, data.Text));
                break;
            case Output output:
                _output.Append(_budget.Made(output.Line, JinjaValues.ToText(Evaluate(output.Value))));
                break;
            case If branch:
                foreach (var (condition, body) in branch.Branches)
                    if (IsTrue(condition))
                        return Execute(body);
                return Execute(branch.Else);
            case For loop:
                Loop(loop);
                break;
            case Set set:
                Assign(set.Line, set.Targets, Evaluate(set.Value));
                break;
            case SetMember set:
                var target =
                    _scope.Get(set.Target) as JinjaNamespace
                    ?? throw JinjaFault.At(set.Line, $"'{set.Target}' is no namespace, so '{set.Name}' cannot be set");
                target.Members[set.Name] = Evaluate(set.Value);
                break;
            case SetBlock set:
                _scope.Set(set.Target, Capture(set.Body));
                break;
            case Macro macro:
                var home = _scope;
                _scope.Set(macro.Name, (JinjaFunction)(arguments => CallMacro(macro, home, arguments)));
                break;
            case LoopControl control:
                return control.Breaks ? Flow.Break : Flow.Continue;
        }
        return Flow.Next;
    }

    private void Loop(For loop)
    {
        var outer = _scope;
        var items = Items(_budget, loop.Line, Evaluate(loop.Items));
        if (loop.Condition is not null)
            items = items.FindAll(item => InScope(new JinjaScope(outer), () =>
                {
                    Assign(loop.Line, loop.Targets, item);
                    return IsTrue(loop.Condition);
                }));
        if (items.Count == 0)
        {
            Execute(loop.Else);
            return;
        }
        for (var i = 0; i < items.Count; i++)
        {
            var flow = InScope(new JinjaScope(outer), () =>
            {
                Assign(loop.Line, loop.Targets, items[i]);
                _scope.Set("loop", LoopVariable(items, i));
                return Execute(loop.Body);
            });
            if (flow == Flow.Break)
                break;
        }
    }

    private static OrderedDictionary<string, object?> LoopVariable(List<object?> items, int at) =>
        new(StringComparer.Ordinal)
        {
            ["index"] = at + 1L,
            ["index0"] = (long)at,
            ["revindex"] = (long)items.Count - at,
            ["revindex0"] = items.Count - at - 1L,
            ["first"] = at == 0,
            ["last"] = at == items.Count - 1,
            ["length"] = (long)items.Count,
            ["previtem"] = at > 0 ? items[at - 1] : JinjaValues.Undefined,
            ["nextitem"] = at + 1 < items.Count ? items[at + 1] : JinjaValues.Undefined,
            ["cycle"] = (JinjaFunction)(
                arguments =>
                    arguments.Count > 0
                        ? arguments.Positional[at % arguments.Count]
                        : throw JinjaFault.At(arguments.Line, "loop.cycle needs values")
            ),
        };

    private void Assign(int line, IReadOnlyList<string> targets, object? value)
    {
        if (targets.Count == 1)
        {
            _scope.Set(targets[0], value);
            return;
        }
        var parts = Items(_budget, line, value);
        if (parts.Count != targets.Count)
            throw JinjaFault.At(line, $"{parts.Count} values for {targets.Count} names");
        for (var i = 0; i < parts.Count; i++)
            _scope.Set(targets[i], parts[i]);
    }

    private string Capture(IReadOnlyList<Statement> body)
    {
        var output = _output;
        _output = new StringBuilder();
        try
        {
            Execute(body);
            return _output.ToString();
        }
        finally
        {
            _output = output;
        }
    }

    private T InScope<T>(JinjaScope scope, Func<T> run)
    {
        var before = _scope;
        _scope = scope;
        try
        {
            return run();
        }
        finally
        {
            _scope = before;
        }
    }

    private string CallMacro(Macro macro, JinjaScope home, JinjaArguments arguments)
    {
        if (arguments.Count > macro.Parameters.Count)
            throw JinjaFault.At(
                arguments.Line,
                $"the macro '{macro.Name}' takes {macro.Parameters.Count} arguments, not {arguments.Count}"
            );
        if (arguments.Named.Keys.FirstOrDefault(name => macro.Parameters.All(parameter => parameter.Name != name)) is { } unknown)
            throw JinjaFault.At(arguments.Line, $"the macro '{macro.Name}' has no argument '{unknown}'");
        _budget.EnterCall(arguments.Line);
        var text = InScope(new JinjaScope(home), () =>
        {
            for (var i = 0; i < macro.Parameters.Count; i++)
            {
                var (name, fallback) = macro.Parameters[i];
                var given = arguments.Get(i, name, JinjaValues.Undefined);
                _scope.Set(name, ReferenceEquals(given, JinjaValues.Undefined) && fallback is not null ? Evaluate(fallback) : given);
            }
            return Capture(macro.Body);
        });
        _budget.LeaveCall();
        return text;
    }

    private bool IsTrue(Expression expression) => JinjaValues.IsTrue(Evaluate(expression));

    private object? Evaluate(Expression expression)
    {
        _budget.Spend(expression.Line);
        switch (expression)
        {
            case Literal literal:
                return literal.Value;
            case Variable variable:
                return _scope.Get(variable.Name);
            case ListLiteral list:
                return list.Items.Select(Evaluate).ToList();
            case MapLiteral map:
                var made = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
                foreach (var (key, value) in map.Items)
                    made[Evaluate(key) as string ?? throw JinjaFault.At(map.Line, "the keys of a map must be text")] = Evaluate(value);
                return made;
            case Member member:
                return MemberOf(member.Line, Evaluate(member.Target), member.Name);
            case Index index:
                return ItemOf(index.Line, Evaluate(index.Target), Evaluate(index.Key));
            case Slice slice:
                return SliceOf(slice);
            case Call call:
                return Invoke(call);
            case Filter filter:
                return JinjaFilters.Apply(_budget, filter.Name, Evaluate(filter.Input), Evaluate(filter.Line, filter.Arguments));
            case Test test:
                return JinjaTests.Apply(test.Name, Evaluate(test.Input), Evaluate(test.Line, test.Arguments)) != test.Negated;
            case Unary { Operator: "not" } unary:
                return !IsTrue(unary.Operand);
            case Unary unary:
                return JinjaOperators.Apply(_budget, unary.Line, unary.Operator, 0L, Evaluate(unary.Operand));
            case Binary { Operator: "or" } binary:
                return Evaluate(binary.Left) is var left && JinjaValues.IsTrue(left) ? left : Evaluate(binary.Right);
            case Binary { Operator: "and" } binary:
                return Evaluate(binary.Left) is var first && !JinjaValues.IsTrue(first) ? first : Evaluate(binary.Right);
            case Binary binary:
                return JinjaOperators.Apply(_budget, binary.Line, binary.Operator, Evaluate(binary.Left), Evaluate(binary.Right));
            case Comparison comparison:
                return Compare(comparison);
            case Conditional conditional:
                return IsTrue(conditional.Condition) ? Evaluate(conditional.Then)
                    : conditional.Else is null ? JinjaValues.Undefined
                    : Evaluate(conditional.Else);
            default:
                throw new InvalidOperationException($"no rule for {expression.GetType().Name}");
        }
    }

    private JinjaArguments Evaluate(int line, Arguments arguments) =>
        new(
            line,
            arguments.Positional.Count == 0 ? [] : [.. arguments.Positional.Select(Evaluate)],
            arguments.Named.Count == 0
                ? NoNames
                : arguments.Named.ToDictionary(item => item.Name, item => Evaluate(item.Value), StringComparer.Ordinal)
        );

    private bool Compare(Comparison comparison)
    {
        var left = Evaluate(comparison.First);
        foreach (var (op, operand) in comparison.Rest)
        {
            var right = Evaluate(operand);
            _budget.Spend(
                comparison.Line,
                right is string text ? text.Length
                    : right is List<object?> list ? list.Count
                    : 1
            );
            if (!JinjaOperators.Compare(comparison.Line, op, left, right))
                return false;
            left = right;
        }
        return true;
    }

    private object? Invoke(Call call)
    {
        if (call.Callee is Member method)
        {
            var target = Evaluate(method.Target);
            var arguments = Evaluate(call.Line, call.Arguments);
            if (JinjaMethods.TryCall(_budget, target, method.Name, arguments, out var result))
                return result;
            return MemberOf(call.Line, target, method.Name) is JinjaFunction member
                ? member(arguments)
                : throw JinjaFault.At(call.Line, $"{JinjaOperators.NameOf(target)} has no method '{method.Name}' that is supported");
        }
        if (Evaluate(call.Callee) is not JinjaFunction function)
            throw JinjaFault.At(
                call.Line,
                call.Callee is Variable variable ? $"there is no function '{variable.Name}'" : "this is no function"
            );
        return function(Evaluate(call.Line, call.Arguments));
    }

    private static object? MemberOf(int line, object? target, string name) =>
        target switch
        {
            OrderedDictionary<string, object?> map => map.TryGetValue(name, out var value) ? value : JinjaValues.Undefined,
            JinjaNamespace space => space.Members.TryGetValue(name, out var value) ? value : JinjaValues.Undefined,
            _ when ReferenceEquals(target, JinjaValues.Undefined) => throw JinjaFault.At(line, $"'{name}' is asked of an undefined value"),
            _ => JinjaValues.Undefined,
        };

    private static object? ItemOf(int line, object? target, object? key)
    {
        switch (target, key)
        {
            case (List<object?> list, long at):
                at = at < 0 ? at + list.Count : at;
                return at >= 0 && at < list.Count ? list[(int)at] : JinjaValues.Undefined;
            case (string text, long at):
                var characters = text.EnumerateRunes().ToList();
                at = at < 0 ? at + characters.Count : at;
                return at >= 0 && at < characters.Count ? characters[(int)at].ToString() : JinjaValues.Undefined;
            case (_, string name):
                return MemberOf(line, target, name);
            default:
                return ReferenceEquals(target, JinjaValues.Undefined)
                    ? throw JinjaFault.At(line, "an item is asked of an undefined value")
                    : JinjaValues.Undefined;
        }
    }

    private object SliceOf(Slice slice)
    {
        var target = Evaluate(slice.Target);
        var items = Items(_budget, slice.Line, target);
        var step = Bound(slice.Step) ?? 1;
        if (step == 0)
            throw JinjaFault.At(slice.Line, "the step of a slice must not be 0");
        // Python's rules: negative bounds count from the end, and what lies outside is cut off.
        long count = items.Count;
        var (low, high) = step > 0 ? (0L, count) : (-1L, count - 1);
        var at = Clip(Bound(slice.Start), step > 0 ? low : high);
        var stop = Clip(Bound(slice.Stop), step > 0 ? high : low);
        var taken = new List<object?>();
        while (step > 0 ? at < stop : at > stop)
        {
            taken.Add(items[(int)at]);
            // A step beyond the list ends the slice; it must not overflow.
            at += Math.Clamp(step, -count - 1, count + 1);
        }
        _budget.Spend(slice.Line, taken.Count);
        return target is string ? string.Concat(taken) : taken;

        long Clip(long? bound, long fallback) => bound is not { } b ? fallback : Math.Clamp(b < 0 ? b + count : b, low, high);

        long? Bound(Expression? expression) =>
            expression is null
                ? null
                : Evaluate(expression) switch
                {
                    null => null,
                    long whole => whole,
                    _ => throw JinjaFault.At(slice.Line, "the bounds of a slice must be whole numbers"),
                };
    }

    private object Range(JinjaArguments arguments)
    {
        var (start, stop) =
            arguments.Count == 1 ? (0L, arguments.Whole(0, "stop")) : (arguments.Whole(0, "start"), arguments.Whole(1, "stop"));
        var step = arguments.Count > 2 ? arguments.Whole(2, "step") : 1;
        if (step == 0)
            throw JinjaFault.At(arguments.Line, "the step of a range must not be 0");
        var count = Int128.Max(0, (((Int128)stop - start) / step) + 1);
        _budget.SpendItems(arguments.Line, (long)Int128.Min(count, long.MaxValue));
        var numbers = new List<object?>();
        for (var at = (Int128)start; step > 0 ? at < stop : at > stop; at += step)
            numbers.Add((long)at);
        return numbers;
    }

    private static object MakeNamespace(JinjaArguments arguments)
    {
        var made = new JinjaNamespace();
        foreach (var (name, value) in arguments.Named)
            made.Members[name] = value;
        return made;
    }

    private static object MakeMap(JinjaArguments arguments)
    {
        var made = new OrderedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in arguments.Named)
            made[name] = value;
        return made;
    }
}
