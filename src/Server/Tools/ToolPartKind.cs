namespace TaalasSim.Server.Tools;

/// <summary>What a part of a written call is.</summary>
public enum ToolPartKind
{
    /// <summary>Text as it is; white space in it stands for any white space.</summary>
    Literal,

    /// <summary>Name of the tool.</summary>
    Name,

    /// <summary>Name of the call: nine letters and digits.</summary>
    Id,

    /// <summary>Number of the call in its answer.</summary>
    Index,

    /// <summary>The arguments: a JSON object, or one after the other.</summary>
    Arguments,

    /// <summary>One JSON object with the tool's name and the arguments.</summary>
    Call,

    /// <summary>Name of an argument.</summary>
    Key,

    /// <summary>Value of an argument.</summary>
    Value,
}
