using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Compiler.Graph;

#pragma warning disable MA0048 // A closed set of small records reads best in one file.

/// <summary>One operation of the model on a stream of tokens; its result is a value of <see cref="Width"/> floats per token.</summary>
/// <remarks>Operators are data: the runtime, the placer and the timing read the same list. Tensors are named as in GGUF.</remarks>
public abstract record Operator
{
    /// <summary>Index in the graph's order; other operators refer to it.</summary>
    public required int Id { get; init; }

    /// <summary>Layer of the model, −1 before the first and after the last.</summary>
    public required int Layer { get; init; }

    /// <summary>Floats per token of the result.</summary>
    public required int Width { get; init; }

    /// <summary>Operators whose results this one reads.</summary>
    public abstract IReadOnlyList<int> Inputs { get; }

    /// <summary>Name and arguments for the text form.</summary>
    public abstract string Describe();
}

/// <summary>Row of the embedding matrix for each token, times a factor (0 leaves it).</summary>
public sealed record EmbedOperator : Operator
{
    public required string Tensor { get; init; }

    public required float Scale { get; init; }

    public override IReadOnlyList<int> Inputs => [];

    public override string Describe() => Scale == 0 ? $"embed {Tensor}" : $"embed {Tensor} × {Scale:R}";
}

/// <summary>Norm of each group of <see cref="GroupWidth"/> elements, with one weight vector or none: by the root of the mean square, or by
/// the deviation from the mean.</summary>
public sealed record NormOperator : Operator
{
    public required int Input { get; init; }

    /// <summary>Weights of the elements of a group; null: all are 1.</summary>
    public required string? Weight { get; init; }

    /// <summary>Elements normalised together: the width, or the head size for norms per head.</summary>
    public required int GroupWidth { get; init; }

    /// <summary>Whether the mean is taken away first.</summary>
    public bool Centred { get; init; }

    private string Kind => Centred ? "layer_norm" : "rms_norm";

    public override IReadOnlyList<int> Inputs => [Input];

    public override string Describe() =>
        $"{Kind} %{Input}{(Weight is null ? "" : $" {Weight}")}{(GroupWidth == Width ? "" : $" per {GroupWidth}")}";
}

/// <summary>Product with a matrix held in ROM, and a bias if there is one.</summary>
public sealed record MatMulOperator : Operator
{
    public required int Input { get; init; }

    public required string Tensor { get; init; }

    /// <summary>One factor on the product, before any bias; or null.</summary>
    public string? Scale { get; init; }

    public string? Bias { get; init; }

    public required MatrixRole Role { get; init; }

    public override IReadOnlyList<int> Inputs => [Input];

    public override string Describe() =>
        $"matmul %{Input} {Tensor}{(Scale is null ? "" : $" * {Scale}")}{(Bias is null ? "" : $" + {Bias}")}";
}

/// <summary>A contiguous part of a value: one of the pieces of a fused projection.</summary>
public sealed record SliceOperator : Operator
{
    public required int Input { get; init; }

    public required int From { get; init; }

    public override IReadOnlyList<int> Inputs => [Input];

    public override string Describe() => $"slice %{Input} [{From}, {From + Width})";
}

/// <summary>Rotary position embedding of every head.</summary>
public sealed record RopeOperator : Operator
{
    public required int Input { get; init; }

    public required int HeadSize { get; init; }

    /// <summary>Whether the layer uses the windowed layers' rope.</summary>
    public required bool Windowed { get; init; }

    public override IReadOnlyList<int> Inputs => [Input];

    public override string Describe() => $"rope %{Input} heads of {HeadSize}{(Windowed ? " windowed" : "")}";
}

/// <summary>Attention over the layer's keys and values; stores the new ones first.</summary>
public sealed record AttentionOperator : Operator
{
    public required int Query { get; init; }

    public required int Key { get; init; }

    public required int Value { get; init; }

    public string? Sinks { get; init; }

    /// <summary>Visible keys; 0 for all.</summary>
    public required int Window { get; init; }

    public override IReadOnlyList<int> Inputs => [Query, Key, Value];

    public override string Describe() =>
        $"attention %{Query} %{Key} %{Value}{(Window > 0 ? $" window {Window}" : "")}{(Sinks is null ? "" : $" sinks {Sinks}")}";
}

/// <summary>activation(gate) · up.</summary>
public sealed record GateOperator : Operator
{
    public required int GateInput { get; init; }

    public required int UpInput { get; init; }

    public required FeedForwardActivation Activation { get; init; }

    public override IReadOnlyList<int> Inputs => [GateInput, UpInput];

    public override string Describe() => $"{Activation.ToString().ToLowerInvariant()}_gate %{GateInput} %{UpInput}";
}

/// <summary>Router, the chosen experts, and their weighted sum.</summary>
public sealed record ExpertsOperator : Operator
{
    public required int Input { get; init; }

    public required string Router { get; init; }

    public string? RouterBias { get; init; }

    /// <summary>Added to the experts' scores for the choice alone; or null.</summary>
    public string? ChoiceBias { get; init; }

    /// <summary>3-D tensors [expert][output][input].</summary>
    public required string Gate { get; init; }

    public required string Up { get; init; }

    public required string Down { get; init; }

    /// <summary>One factor for each expert on the product with its matrix, before any bias; or null.</summary>
    public string? GateScale { get; init; }

    public string? UpScale { get; init; }

    public string? DownScale { get; init; }

    public string? GateBias { get; init; }

    public string? UpBias { get; init; }

    public string? DownBias { get; init; }

    public required int Experts { get; init; }

    public required int ExpertsUsed { get; init; }

    public required int ExpertWidth { get; init; }

    public required FeedForwardActivation Activation { get; init; }

    public required ExpertGating Gating { get; init; }

    /// <summary>Vector that weighs the shared expert (qwen2moe), or null: it is added as it is.</summary>
    public string? SharedRouter { get; init; }

    public string? SharedGate { get; init; }

    public string? SharedUp { get; init; }

    public string? SharedDown { get; init; }

    public int SharedWidth { get; init; }

    public override IReadOnlyList<int> Inputs => [Input];

    public override string Describe() => $"experts %{Input} {Router} top {ExpertsUsed} of {Experts}{(SharedUp is null ? "" : " + shared")}";
}

/// <summary>Sum of two values (residual connection).</summary>
public sealed record AddOperator : Operator
{
    public required int Left { get; init; }

    public required int Right { get; init; }

    public override IReadOnlyList<int> Inputs => [Left, Right];

    public override string Describe() => $"add %{Left} %{Right}";
}

/// <summary>x times one factor.</summary>
public sealed record ScaleOperator : Operator
{
    public required int Input { get; init; }

    public required float Factor { get; init; }

    public override IReadOnlyList<int> Inputs => [Input];

    public override string Describe() => $"scale %{Input} × {Factor:R}";
}

/// <summary>cap · tanh(x / cap).</summary>
public sealed record SoftCapOperator : Operator
{
    public required int Input { get; init; }

    public required float Cap { get; init; }

    public override IReadOnlyList<int> Inputs => [Input];

    public override string Describe() => $"soft_cap %{Input} {Cap:R}";
}
