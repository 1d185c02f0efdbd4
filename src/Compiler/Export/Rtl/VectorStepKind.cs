namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>What a step of the vector model computes; the names are those of <c>vector_model.cpp</c>.</summary>
public enum VectorStepKind
{
    /// <summary>Multiplies the token's embedding by the model's factor.</summary>
    Embed,

    /// <summary>Divides each group by the root of its mean square and multiplies by the weights.</summary>
    Norm,

    /// <summary>Turns a result into codes and one scale, for the banks.</summary>
    Quantise,

    /// <summary>Takes a contiguous part: one piece of a fused projection.</summary>
    Slice,

    /// <summary>Rotates the pairs of every head by the angles of the position.</summary>
    Rope,

    /// <summary>Turns keys and values into words for the KV memory.</summary>
    Store,

    /// <summary>Scores of the query against every key that was read, as probabilities.</summary>
    Softmax,

    /// <summary>Sums the values that were read, weighted by the probabilities.</summary>
    Values,

    /// <summary>Activation of the gate times up.</summary>
    Gate,

    /// <summary>Adds a branch to the residual stream.</summary>
    Add,

    /// <summary>What a link takes to the next cluster; not run.</summary>
    Forward,
}
