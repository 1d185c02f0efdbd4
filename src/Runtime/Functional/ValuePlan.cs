using TaalasSim.Compiler.Graph;

namespace TaalasSim.Runtime.Functional;

/// <summary>Which buffer each operator's result goes to: results whose last reader has run give their buffer to later ones of the same
/// width.</summary>
internal sealed class ValuePlan
{
    private ValuePlan(int[] slots, int[] widths)
    {
        Slots = slots;
        Widths = widths;
    }

    /// <summary>Buffer of each operator.</summary>
    public int[] Slots { get; }

    /// <summary>Floats per token of each buffer.</summary>
    public int[] Widths { get; }

    public static ValuePlan For(ModelGraph graph)
    {
        var ops = graph.Operators;
        var lastUse = new int[ops.Count];
        foreach (var op in ops)
        foreach (var input in op.Inputs)
            lastUse[input] = op.Id;
        lastUse[^1] = int.MaxValue;
        var slots = new int[ops.Count];
        var widths = new List<int>();
        var free = new Dictionary<int, Stack<int>>();
        foreach (var op in ops)
        {
            var inPlace = InPlaceInput(op);
            if (inPlace >= 0)
            {
                if (lastUse[inPlace] != op.Id)
                    throw new InvalidOperationException($"operator %{op.Id} overwrites %{inPlace}, which is read later");
                slots[op.Id] = slots[inPlace];
            }
            else
            {
                if (!free.TryGetValue(op.Width, out var stack))
                    free.Add(op.Width, stack = new Stack<int>());
                if (!stack.TryPop(out slots[op.Id]))
                {
                    slots[op.Id] = widths.Count;
                    widths.Add(op.Width);
                }
            }

            foreach (var input in op.Inputs.Distinct())
                if (lastUse[input] == op.Id && input != inPlace)
                    free[widths[slots[input]]].Push(slots[input]);
        }

        return new ValuePlan(slots, [.. widths]);
    }

    /// <summary>The input whose buffer the result takes over, or −1.</summary>
    public static int InPlaceInput(Operator op) =>
        op switch
        {
            RopeOperator rope => rope.Input,
            GateOperator gate => gate.GateInput,
            AddOperator add => add.Left,
            MultiplyOperator multiply => multiply.Left,
            ScaleOperator scale => scale.Input,
            WeighOperator weigh => weigh.Input,
            MatchLengthOperator match => match.Input,
            CutOperator cut => cut.Input,
            SoftCapOperator cap => cap.Input,
            _ => -1,
        };
}
