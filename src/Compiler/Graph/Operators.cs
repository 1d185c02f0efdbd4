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
    /// <summary>Embedding matrix, one row for each token of the vocabulary.</summary>
    public required string Tensor { get; init; }

    /// <summary>Factor on the row; 0 leaves it as it is.</summary>
    public required float Scale { get; init; }

    /// <summary>What the matrix is for.</summary>
    public MatrixRole Role { get; init; } = MatrixRole.Embedding;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [];

    /// <inheritdoc/>
    public override string Describe() => Scale == 0 ? $"embed {Tensor}" : $"embed {Tensor} × {Scale:R}";
}

/// <summary>Norm of each group of <see cref="GroupWidth"/> elements, with one weight vector or none: by the root of the mean square, or by
/// the deviation from the mean.</summary>
public sealed record NormOperator : Operator
{
    /// <summary>Id of the operator that is normed.</summary>
    public required int Input { get; init; }

    /// <summary>Weights of the elements of a group; null: all are 1.</summary>
    public required string? Weight { get; init; }

    /// <summary>Elements normalised together: the width, or the head size for norms per head.</summary>
    public required int GroupWidth { get; init; }

    /// <summary>Whether the mean is taken away first.</summary>
    public bool Centred { get; init; }

    /// <summary>Whether every group has weights of its own.</summary>
    public bool OwnWeights { get; init; }

    private string Kind => Centred ? "layer_norm" : "rms_norm";

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Input];

    /// <inheritdoc/>
    public override string Describe() =>
        $"{Kind} %{Input}{(Weight is null ? "" : $" {Weight}")}{(GroupWidth == Width ? "" : $" per {GroupWidth}")}";
}

/// <summary>Product with a matrix held in ROM, and a bias if there is one.</summary>
public sealed record MatMulOperator : Operator
{
    /// <summary>Id of the operator that is multiplied.</summary>
    public required int Input { get; init; }

    /// <summary>Matrix of <see cref="Operator.Width"/> rows.</summary>
    public required string Tensor { get; init; }

    /// <summary>One factor on the product, before any bias; or null.</summary>
    public string? Scale { get; init; }

    /// <summary>Vector that is added to the product; or null.</summary>
    public string? Bias { get; init; }

    /// <summary>What the matrix does in the model.</summary>
    public required MatrixRole Role { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Input];

    /// <inheritdoc/>
    public override string Describe() =>
        $"matmul %{Input} {Tensor}{(Scale is null ? "" : $" * {Scale}")}{(Bias is null ? "" : $" + {Bias}")}";
}

/// <summary>Product of each head's part of a value with a matrix of its own.</summary>
public sealed record HeadMatMulOperator : Operator
{
    /// <summary>Id of the operator with the parts of all heads.</summary>
    public required int Input { get; init; }

    /// <summary>3-D tensor [head][output][input].</summary>
    public required string Tensor { get; init; }

    /// <summary>What the matrices do.</summary>
    public required MatrixRole Role { get; init; }

    /// <summary>Heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Inputs of one head.</summary>
    public required int HeadInputs { get; init; }

    /// <summary>Outputs of one head.</summary>
    public int HeadOutputs => Width / Heads;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Input];

    /// <inheritdoc/>
    public override string Describe() => $"matmul %{Input} {Tensor} per head {HeadInputs} → {HeadOutputs}";
}

/// <summary>A contiguous part of a value, or of each group of its elements: one of the pieces of a fused projection.</summary>
public sealed record SliceOperator : Operator
{
    /// <summary>Id of the operator that is cut.</summary>
    public required int Input { get; init; }

    /// <summary>First element of the part, from 0 in each group.</summary>
    public required int From { get; init; }

    /// <summary>Groups (heads) of the input, of each of which the part is taken.</summary>
    public int Groups { get; init; } = 1;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Input];

    /// <inheritdoc/>
    public override string Describe() => $"slice %{Input} [{From}, {From + (Width / Groups)}){(Groups > 1 ? $" of {Groups} groups" : "")}";
}

/// <summary>Groups (heads) of two values side by side: the first of one, the first of the other, the second of one…</summary>
public sealed record ConcatOperator : Operator
{
    /// <summary>Id of the operator whose groups come first.</summary>
    public required int Left { get; init; }

    /// <summary>Id of the operator whose groups follow.</summary>
    public required int Right { get; init; }

    /// <summary>Groups of each value.</summary>
    public required int Groups { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Left, Right];

    /// <inheritdoc/>
    public override string Describe() => $"concat %{Left} %{Right}{(Groups > 1 ? $" of {Groups} groups" : "")}";
}

/// <summary>Rotary position embedding of every head.</summary>
public sealed record RopeOperator : Operator
{
    /// <summary>Id of the operator with queries or keys.</summary>
    public required int Input { get; init; }

    /// <summary>Floats of a head; each head is rotated alike.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Whether the layer uses the windowed layers' rope.</summary>
    public required bool Windowed { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Input];

    /// <inheritdoc/>
    public override string Describe() => $"rope %{Input} heads of {HeadSize}{(Windowed ? " windowed" : "")}";
}

/// <summary>Attention over the layer's keys and values; stores the new ones first.</summary>
public sealed record AttentionOperator : Operator
{
    /// <summary>Id of the operator with the queries of all heads.</summary>
    public required int Query { get; init; }

    /// <summary>Id of the operator with the new keys; −1 where those of <see cref="Source"/> are read.</summary>
    public required int Key { get; init; }

    /// <summary>Id of the operator with the new values; −1 where those of <see cref="Source"/> are read.</summary>
    public required int Value { get; init; }

    /// <summary>Layer whose keys and values are read; −1: the operator's own.</summary>
    public int Source { get; init; } = -1;

    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key and value heads.</summary>
    public required int KvHeads { get; init; }

    /// <summary>Elements of a query or key head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Elements of a value head.</summary>
    public int ValueHeadSize => Width / Heads;

    /// <summary>Vector of one logit for each head that takes part in the softmax without a value; or null.</summary>
    public string? Sinks { get; init; }

    /// <summary>Visible keys; 0 for all.</summary>
    public required int Window { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => Source < 0 ? [Query, Key, Value] : [Query];

    /// <inheritdoc/>
    public override string Describe() =>
        $"attention %{Query} {(Source < 0 ? $"%{Key} %{Value}" : $"of layer {Source}")}{(Window > 0 ? $" window {Window}" : "")}"
        + (Sinks is null ? "" : $" sinks {Sinks}");
}

/// <summary>activation(gate) · up.</summary>
public sealed record GateOperator : Operator
{
    /// <summary>Id of the operator that passes the activation.</summary>
    public required int GateInput { get; init; }

    /// <summary>Id of the operator that it multiplies.</summary>
    public required int UpInput { get; init; }

    /// <summary>Function of the gate.</summary>
    public required FeedForwardActivation Activation { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [GateInput, UpInput];

    /// <inheritdoc/>
    public override string Describe() => $"{Activation.ToString().ToLowerInvariant()}_gate %{GateInput} %{UpInput}";
}

/// <summary>Router, the chosen experts, and their weighted sum.</summary>
public sealed record ExpertsOperator : Operator
{
    /// <summary>Id of the operator that router and experts read.</summary>
    public required int Input { get; init; }

    /// <summary>Id of the operator that the router reads instead; −1: it reads <see cref="Input"/> as well.</summary>
    public int RouterInput { get; init; } = -1;

    /// <summary>Matrix that gives one logit for each expert.</summary>
    public required string Router { get; init; }

    /// <summary>Vector of one float for each expert that is added to the logits; or null.</summary>
    public string? RouterBias { get; init; }

    /// <summary>Added to the experts' scores for the choice alone; or null.</summary>
    public string? ChoiceBias { get; init; }

    /// <summary>3-D tensor [expert][output][input]; null where nothing gates <see cref="Up"/>.</summary>
    public required string? Gate { get; init; }

    /// <summary>As <see cref="Gate"/>.</summary>
    public required string Up { get; init; }

    /// <summary>Whether <see cref="Up"/> has the outputs of a gate before its own, for each expert.</summary>
    public bool JoinedGate { get; init; }

    /// <summary>As <see cref="Gate"/>.</summary>
    public required string Down { get; init; }

    /// <summary>One factor for each expert on the product with its matrix, before any bias; or null.</summary>
    public string? GateScale { get; init; }

    /// <summary>As <see cref="GateScale"/>.</summary>
    public string? UpScale { get; init; }

    /// <summary>As <see cref="GateScale"/>.</summary>
    public string? DownScale { get; init; }

    /// <summary>Biases [expert][output]; or null.</summary>
    public string? GateBias { get; init; }

    /// <summary>As <see cref="GateBias"/>.</summary>
    public string? UpBias { get; init; }

    /// <summary>As <see cref="GateBias"/>.</summary>
    public string? DownBias { get; init; }

    /// <summary>Routed experts of the layer.</summary>
    public required int Experts { get; init; }

    /// <summary>Experts that one token uses, at most <see cref="Experts"/>.</summary>
    public required int ExpertsUsed { get; init; }

    /// <summary>Inner width of one expert, floats.</summary>
    public required int ExpertWidth { get; init; }

    /// <summary>Function of the gate of every expert.</summary>
    public required FeedForwardActivation Activation { get; init; }

    /// <summary>How experts are chosen and weighted.</summary>
    public required ExpertGating Gating { get; init; }

    /// <summary>Vector that weighs the shared expert (qwen2moe), or null: it is added as it is.</summary>
    public string? SharedRouter { get; init; }

    /// <summary>Matrix of the expert that every token uses; null for none, or where nothing gates <see cref="SharedUp"/>.</summary>
    public string? SharedGate { get; init; }

    /// <summary>Matrix of the expert that every token uses; null for none.</summary>
    public string? SharedUp { get; init; }

    /// <summary>As <see cref="SharedUp"/>.</summary>
    public string? SharedDown { get; init; }

    /// <summary>Inner width of the shared expert, floats; 0 for none.</summary>
    public int SharedWidth { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => RouterInput < 0 ? [Input] : [Input, RouterInput];

    /// <inheritdoc/>
    public override string Describe() =>
        $"experts %{Input}{(RouterInput < 0 ? "" : $" %{RouterInput}")} {Router} top {ExpertsUsed} of {Experts}"
        + (SharedUp is null ? "" : " + shared");
}

/// <summary>Sum of two values (residual connection).</summary>
public sealed record AddOperator : Operator
{
    /// <summary>Id of the first operator.</summary>
    public required int Left { get; init; }

    /// <summary>Id of the second operator.</summary>
    public required int Right { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Left, Right];

    /// <inheritdoc/>
    public override string Describe() => $"add %{Left} %{Right}";
}

/// <summary>Product of two values, element by element.</summary>
public sealed record MultiplyOperator : Operator
{
    /// <summary>Id of the first factor.</summary>
    public required int Left { get; init; }

    /// <summary>Id of the second factor.</summary>
    public required int Right { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Left, Right];

    /// <inheritdoc/>
    public override string Describe() => $"multiply %{Left} %{Right}";
}

/// <summary>Convolution of each element over the last tokens; those before the present one are the layer's state.</summary>
public sealed record ConvolutionOperator : Operator
{
    /// <summary>Id of the operator that is convolved.</summary>
    public required int Input { get; init; }

    /// <summary>Weights [element][token], the oldest token first.</summary>
    public required string Weights { get; init; }

    /// <summary>Tokens, the present one included.</summary>
    public required int Length { get; init; }

    /// <summary>Vector that is added to the sums; or null.</summary>
    public string? Bias { get; init; }

    /// <summary>Whether each sum x becomes x · sigmoid(x).</summary>
    public bool Activated { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Input];

    /// <inheritdoc/>
    public override string Describe() =>
        $"convolution %{Input} {Weights}{(Bias is null ? "" : $" + {Bias}")} over {Length} tokens{(Activated ? ", silu" : "")}";
}

/// <summary>A token changes the states of all heads of a layer, and asks them.</summary>
public abstract record StateOperator : Operator
{
    /// <summary>Id of the operator with the values of all heads, and the keys and queries of all groups.</summary>
    public required int Input { get; init; }

    /// <summary>Ids of operators with one number for each head.</summary>
    public abstract IReadOnlyList<int> Gates { get; }

    /// <summary>Vector that is added to the time steps of heads before their softplus.</summary>
    public required string StepBias { get; init; }

    /// <summary>Vector that multiplies the softplus; the decay is e to the product.</summary>
    public required string DecayRate { get; init; }

    /// <summary>Heads and their sizes.</summary>
    public required RecurrenceShape Sizes { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Input, .. Gates];

    /// <summary>Heads and sizes for the text form.</summary>
    protected string Heads => $"{Sizes.Heads} heads of {Sizes.HeadSize} × {Sizes.StateSize}, {Sizes.Groups} keys";
}

/// <summary>Gated delta rule: each head's state decays, is corrected towards the value for the key, and is asked with the query. The
/// queries and keys are brought to length 1 first. The input has queries, keys, values in this order.</summary>
public sealed record DeltaNetOperator : StateOperator
{
    /// <summary>Id of the operator with one number for each head, whose sigmoid is the part of a correction that is made.</summary>
    public required int Correction { get; init; }

    /// <summary>Id of the operator with the time step of each head.</summary>
    public required int Step { get; init; }

    /// <summary>Whether heads that share a key lie side by side.</summary>
    public required bool Grouped { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Gates => [Correction, Step];

    /// <inheritdoc/>
    public override string Describe() => $"delta_net %{Input} %{Correction} %{Step} {Heads}";
}

/// <summary>State-space scan of Mamba-2: each head's state decays, gets the product of key and value times the time step, and is asked with
/// the query; a part of the value passes it by. The input has values, keys, queries in this order.</summary>
public sealed record StateSpaceOperator : StateOperator
{
    /// <summary>Id of the operator with the time step of each head.</summary>
    public required int Step { get; init; }

    /// <summary>Vector of the part of each head's values that is added to what its state says.</summary>
    public required string Skip { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Gates => [Step];

    /// <inheritdoc/>
    public override string Describe() => $"state_space %{Input} %{Step} {Heads}";
}

/// <summary>x times one factor.</summary>
public sealed record ScaleOperator : Operator
{
    /// <summary>Id of the operator that is scaled.</summary>
    public required int Input { get; init; }

    /// <summary>The factor.</summary>
    public required float Factor { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Input];

    /// <inheritdoc/>
    public override string Describe() => $"scale %{Input} × {Factor:R}";
}

/// <summary>x times a vector from ROM, element by element, or times one value from there.</summary>
public sealed record WeighOperator : Operator
{
    /// <summary>Id of the operator that is weighed.</summary>
    public required int Input { get; init; }

    /// <summary>The vector.</summary>
    public required string Weights { get; init; }

    /// <summary>Values of the vector: the width, or 1.</summary>
    public required int Count { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Input];

    /// <inheritdoc/>
    public override string Describe() => $"weigh %{Input} {Weights}";
}

/// <summary>Every copy of the residual stream plus a mix of all (alternating updates, before a layer).</summary>
public sealed record PredictOperator : Operator
{
    /// <summary>Id of the operator with the streams side by side.</summary>
    public required int Streams { get; init; }

    /// <summary>Id of the operator with a number for each stream.</summary>
    public required int Router { get; init; }

    /// <summary>Vector [stream][stream][router's number].</summary>
    public required string Coefficients { get; init; }

    /// <summary>Streams.</summary>
    public required int Count { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Streams, Router];

    /// <inheritdoc/>
    public override string Describe() => $"predict %{Streams} %{Router} {Coefficients}";
}

/// <summary>Every predicted copy of the residual stream plus a share of what the layer found beyond the first (alternating updates, after a
/// layer).</summary>
public sealed record CorrectOperator : Operator
{
    /// <summary>Id of the operator with the predicted streams side by side.</summary>
    public required int Predicted { get; init; }

    /// <summary>Id of the operator with what the layer made of the first.</summary>
    public required int Activated { get; init; }

    /// <summary>Id of the operator with a number for each stream.</summary>
    public required int Router { get; init; }

    /// <summary>Vector [stream][router's number].</summary>
    public required string Coefficients { get; init; }

    /// <summary>Streams.</summary>
    public required int Count { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Predicted, Activated, Router];

    /// <inheritdoc/>
    public override string Describe() => $"correct %{Predicted} %{Activated} %{Router} {Coefficients}";
}

/// <summary>Parts of a value, each scaled to the length of another value.</summary>
public sealed record MatchLengthOperator : Operator
{
    /// <summary>Id of the operator that is scaled.</summary>
    public required int Input { get; init; }

    /// <summary>Id of the operator with the length; parts are as wide as it.</summary>
    public required int Target { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Input, Target];

    /// <inheritdoc/>
    public override string Describe() => $"match_length %{Input} %{Target}";
}

/// <summary>x less its mean and a number of its standard deviations; what is below becomes 0.</summary>
public sealed record CutOperator : Operator
{
    /// <summary>Id of the operator that is cut.</summary>
    public required int Input { get; init; }

    /// <summary>Standard deviations above the mean.</summary>
    public required float Deviations { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Input];

    /// <inheritdoc/>
    public override string Describe() => $"cut %{Input} {Deviations:R}";
}

/// <summary>cap · tanh(x / cap).</summary>
public sealed record SoftCapOperator : Operator
{
    /// <summary>Id of the operator that is capped.</summary>
    public required int Input { get; init; }

    /// <summary>Bound of the result, above 0.</summary>
    public required float Cap { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Input];

    /// <inheritdoc/>
    public override string Describe() => $"soft_cap %{Input} {Cap:R}";
}
