namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>What a step of the vector model computes; the names are those of <c>vector_model.cpp</c>.</summary>
public enum VectorStepKind
{
    Embed,
    Norm,
    Quantise,
    Slice,
    Rope,
    Store,
    Softmax,
    Values,
    Gate,
    Add,

    /// <summary>What a link takes to the next cluster; not run.</summary>
    Forward,
}
