namespace TaalasSim.Compiler.Export.Rtl;

/// <summary>Order of passes of a vector operation; the number is the field of the instruction.</summary>
public enum VectorKind
{
    /// <summary>One pass through the lanes.</summary>
    Element,

    /// <summary>One pass, then the scalar function unit.</summary>
    Scalar,

    /// <summary>A pass, the tree over the lanes, the scalar function, a second pass.</summary>
    Norm,

    /// <summary>The tree over the lanes, the scalar function, a pass.</summary>
    Quantise,

    /// <summary>A pass, the scalar function, the tree over the lanes.</summary>
    Softmax,
}
