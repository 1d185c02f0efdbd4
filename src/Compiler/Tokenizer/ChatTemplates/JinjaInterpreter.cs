using System.Text;

namespace TaalasSim.Compiler.Tokenizer.ChatTemplates;

/// <summary>Walks the syntax tree of a template once.</summary>
internal sealed class JinjaInterpreter
{
    private static readonly IReadOnlyDictionary<string, object?> NoNames = new Dictionary<string, object?>(StringComparer.Ordinal);
    private readonly JinjaBudget _budget = new();
    private readonly JinjaProbe? _probe;
    private readonly JinjaScope _globals = new(outer: null);
    private JinjaScope _scope;
    private StringBuilder _output = new();
    private readonly Dictionary<Macro, HashSet<string>> _macroNames = new(ReferenceEqualityComparer.Instance);

    // The body of the call block whose macro is about to be called.
    private object? _caller;

    // The output that the filters of a block work on.
    private object? _captured;

    /// <param name="variables">Names that the template can read.</param>
    /// <param name="now">The time that it may tell.</param>
    /// <param name="probe">Watches one text; null for none.</param>
    public JinjaInterpreter(IReadOnlyDictionary<string, object?> variables, DateTime now, JinjaProbe? probe = null)
    {
        _probe = probe;
        foreach (var (name, operation) in JinjaFunctions.All(now))
            _globals.Set(name, (JinjaFunction)(arguments => operation.Call($"the function '{name}'", _budget, target: null, arguments)));
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
                return Loop(loop);
            case Set set:
                Assign(set.Target, Evaluate(set.Value));
                break;
            case SetBlock set:
                return Filtered(set.Filters, set.Body, value => Assign(set.Target, value));
            case FilterBlock block:
                return Filtered(
                    block.Filters,
                    block.Body,
                    value => _output.Append(_budget.Made(block.Line, JinjaValues.ToText(value)))
                );
            case With with:
                return ExecuteWith(with);
            case CallBlock block:
                _output.Append(_budget.Made(block.Line, JinjaValues.ToText(CallWithBody(block))));
                break;
            case Macro macro:
                var home = _scope;
                _scope.Set(
                    macro.Name,
                    (JinjaFunction)(
                        arguments =>
                        {
                            var caller = _caller;
                            _caller = null;
                            return CallMacro(macro, home, arguments, caller);
                        }
                    )
                );
                break;
            case LoopControl control:
                return control.Breaks ? Flow.Break : Flow.Continue;
        }
        return Flow.Next;
    }

    private Flow Loop(For loop)
    {
        var items = Evaluate(loop.Items);
        _probe?.SawLoop(items);
        return Loop(loop, _scope, items, depth: 0);
    }

    // What its else part does to the loop around it; its own break and continue end here.
    private Flow Loop(For loop, JinjaScope outer, object? iterated, int depth)
    {
        var items = JinjaValues.Items(_budget, loop.Line, iterated);
        if (loop.Condition is not null)
            items = items.FindAll(item => InScope(new JinjaScope(outer), () =>
                {
                    Assign(loop.Target, item);
                    return IsTrue(loop.Condition);
                }));
        if (items.Count == 0)
        {
            return InScope(new JinjaScope(outer), () => Execute(loop.Else));
        }
        var state = new JinjaLoop(items, depth, loop.Recursive ? Recurse : null);
        for (var i = 0; i < items.Count; i++)
        {
            state.At = i;
            var flow = InScope(new JinjaScope(outer), () =>
            {
                Assign(loop.Target, items[i]);
                _scope.Set("loop", state);
                return Execute(loop.Body);
            });
            if (flow == Flow.Break)
                break;
        }
        return Flow.Next;

        object? Recurse(JinjaArguments arguments)
        {
            _budget.EnterCall(arguments.Line);
            var (text, _) = OutputOf(() => InScope(outer, () => Loop(loop, outer, arguments.Required(0, "iterable"), depth + 1)));
            _budget.LeaveCall();
            return text;
        }
    }

    private Flow ExecuteWith(With with)
    {
        // All values are those of the scope outside.
        var values = with.Values.Select(pair => Evaluate(pair.Value)).ToList();
        return InScope(new JinjaScope(_scope), () =>
        {
            for (var i = 0; i < values.Count; i++)
                Assign(with.Values[i].Target, values[i]);
            return Execute(with.Body);
        });
    }

    private void Assign(Expression target, object? value)
    {
        switch (target)
        {
            case Variable variable:
                _scope.Set(variable.Name, value);
                break;
            case Member { Target: Variable owner } member:
                var space =
                    _scope.Get(owner.Name) as JinjaNamespace
                    ?? throw JinjaFault.At(member.Line, $"'{owner.Name}' is no namespace, so '{member.Name}' cannot be set");
                space.Members[member.Name] = value;
                break;
            case TupleLiteral targets:
                var parts = JinjaValues.Items(_budget, targets.Line, value);
                if (parts.Count != targets.Items.Count)
                    throw JinjaFault.At(targets.Line, $"{parts.Count} values for {targets.Items.Count} names");
                for (var i = 0; i < parts.Count; i++)
                    Assign(targets.Items[i], parts[i]);
                break;
        }
    }

    // A break or continue within the body leaves its output behind.
    private Flow Filtered(Expression filters, IReadOnlyList<Statement> body, Action<object?> take)
    {
        var outer = _captured;
        var (text, flow) = InScope(new JinjaScope(_scope), () => OutputOf(() => Execute(body)));
        if (flow != Flow.Next)
            return flow;
        _captured = text;
        var value = Evaluate(filters);
        _captured = outer;
        take(value);
        return Flow.Next;
    }

    private object? CallWithBody(CallBlock block)
    {
        var home = _scope;
        _caller = (JinjaFunction)(arguments => CallMacro(block.Caller, home, arguments, caller: null));
        return Evaluate(block.Call);
    }

    private (string Text, Flow Flow) OutputOf(Func<Flow> run)
    {
        var output = _output;
        _output = new StringBuilder();
        try
        {
            var flow = run();
            return (_output.ToString(), flow);
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

    private string CallMacro(Macro macro, JinjaScope home, JinjaArguments arguments, object? caller)
    {
        var (more, others) = (UsesName(macro, "varargs"), UsesName(macro, "kwargs"));
        if (arguments.Count > macro.Parameters.Count && !more)
            throw JinjaFault.At(
                arguments.Line,
                $"the macro '{macro.Name}' takes {macro.Parameters.Count} arguments, not {arguments.Count}"
            );
        var unknown = arguments.Named.Keys.Where(name => macro.Parameters.All(parameter => parameter.Name != name)).ToList();
        if (unknown.Count > 0 && !others)
            throw JinjaFault.At(arguments.Line, $"the macro '{macro.Name}' has no argument '{unknown[0]}'");
        if (caller is not null && !others && !UsesName(macro, "caller"))
            throw JinjaFault.At(arguments.Line, $"the macro '{macro.Name}' takes no block: it never calls 'caller'");
        _budget.EnterCall(arguments.Line);
        var text = InScope(new JinjaScope(home), () =>
        {
            for (var i = 0; i < macro.Parameters.Count; i++)
            {
                var (name, fallback) = macro.Parameters[i];
                var given = arguments.Get(i, name, JinjaCall.Absent);
                _scope.Set(
                    name,
                    !ReferenceEquals(given, JinjaCall.Absent) ? given
                        : fallback is not null ? Evaluate(fallback)
                        : JinjaValues.Undefined
                );
            }
            if (more)
                _scope.Set("varargs", new JinjaTuple(arguments.Positional.Skip(macro.Parameters.Count)));
            if (others)
                _scope.Set("kwargs", MapOf(unknown.Select(name => (name, arguments.Named[name]))));
            if (caller is not null)
                _scope.Set("caller", caller);
            return OutputOf(() => Execute(macro.Body)).Text;
        });
        _budget.LeaveCall();
        return text;
    }

    // Jinja lets a macro take further arguments only where its body speaks of them.
    private bool UsesName(Macro macro, string name)
    {
        if (!_macroNames.TryGetValue(macro, out var names))
            _macroNames[macro] = names = JinjaNames.In(macro.Body);
        return names.Contains(name);
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
                return Seen(_scope.Get(variable.Name));
            case ListLiteral list:
                return list.Items.Select(Evaluate).ToList();
            case TupleLiteral tuple:
                return new JinjaTuple(tuple.Items.Select(Evaluate));
            case MapLiteral map:
                var made = new JinjaMap();
                foreach (var (key, value) in map.Items)
                    made[KeyOf(map.Line, Evaluate(key))] = Evaluate(value);
                return made;
            case Captured:
                return _captured;
            case Member member:
                return Seen(MemberOf(member.Line, Evaluate(member.Target), member.Name));
            case Index index:
                return Seen(ItemOf(index));
            case Slice slice:
                return SliceOf(slice);
            case Call call:
                return Invoke(call);
            case Filter filter:
                var input = Evaluate(filter.Input);
                _probe?.SawFilter(filter.Name, input);
                return JinjaFilters.Apply(_budget, filter.Name, input, Evaluate(filter.Line, filter.Arguments));
            case Test test:
                return JinjaTests.Apply(_budget, test.Name, Evaluate(test.Input), Evaluate(test.Line, test.Arguments)) != test.Negated;
            case Unary { Operator: "not" } unary:
                return !IsTrue(unary.Operand);
            case Unary unary:
                return Evaluate(unary.Operand) switch
                {
                    double number => unary.Operator == "-" ? -number : number,
                    var operand => JinjaOperators.Apply(_budget, unary.Line, unary.Operator, 0L, operand),
                };
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

    private object? Seen(object? value)
    {
        _probe?.Saw(value);
        return value;
    }

    private object? ItemOf(Index index)
    {
        var (target, key) = (Evaluate(index.Target), Evaluate(index.Key));
        _probe?.SawItem(target, key);
        return JinjaAccess.Item(_budget, index.Line, target, key);
    }

    private static object? KeyOf(int line, object? key) =>
        JinjaMap.IsKey(key) ? key : throw JinjaFault.At(line, $"{JinjaOperators.NameOf(key)} cannot be the key of a map");

    private object? MemberOf(int line, object? target, string name) =>
        target is JinjaLoop loop ? loop.Member(line, name) : JinjaAccess.Member(_budget, line, target, name);

    private JinjaArguments Evaluate(int line, Arguments arguments)
    {
        if (arguments.Named.Count == 0 && arguments.Star is null && arguments.DoubleStar is null)
            return new(line, arguments.Positional.Count == 0 ? [] : [.. arguments.Positional.Select(Evaluate)], NoNames);
        var positional = arguments.Positional.Select(Evaluate).ToList();
        if (arguments.Star is not null)
            positional.AddRange(JinjaValues.Items(_budget, line, Evaluate(arguments.Star)));
        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in arguments.Named)
            named[name] = Evaluate(value);
        if (arguments.DoubleStar is null)
            return new(line, positional, named);
        var map = Evaluate(arguments.DoubleStar) as JinjaMap ?? throw JinjaFault.At(line, "'**' needs a map");
        foreach (var (key, value) in map)
            if (!named.TryAdd(key as string ?? throw JinjaFault.At(line, "'**' needs a map with names as keys"), value))
                throw JinjaFault.At(line, $"the argument '{key}' is given twice");
        return new(line, positional, named);
    }

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
        var callee = Evaluate(call.Callee);
        var function = callee switch
        {
            JinjaFunction direct => direct,
            JinjaLoop loop => loop.Recurse,
            _ => null,
        };
        if (function is null)
            throw JinjaFault.At(
                call.Line,
                call.Callee switch
                {
                    Variable variable => $"there is no function '{variable.Name}'",
                    Member member => $"{JinjaOperators.NameOf(Evaluate(member.Target))} has no method '{member.Name}' that is supported",
                    _ => "this is no function",
                }
            );
        return function(Evaluate(call.Line, call.Arguments));
    }

    private object SliceOf(Slice slice)
    {
        var target = Evaluate(slice.Target);
        if (target is null or bool or long or double or JinjaMap or JinjaView || JinjaValues.IsUndefined(target))
            throw JinjaFault.At(slice.Line, $"{JinjaOperators.NameOf(target)} cannot be cut into a slice");
        var items = JinjaValues.Items(_budget, slice.Line, target);
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
        return target switch
        {
            string => string.Concat(taken),
            JinjaTuple => new JinjaTuple(taken),
            _ => taken,
        };

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

    private static JinjaMap MapOf(IEnumerable<(string Name, object? Value)> items)
    {
        var map = new JinjaMap();
        foreach (var (name, value) in items)
            map[name] = value;
        return map;
    }
}
