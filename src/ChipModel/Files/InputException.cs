using TaalasSim.ChipModel.Languages;

namespace TaalasSim.ChipModel.Files;

/// <summary>Input the user can mend: the message is one line that says what, where and what to do. Hidden characters of what it quotes
/// are written as <c>\u001b</c>, whoever prints it.</summary>
public sealed class InputException(string message, Exception? inner = null) : Exception(NameGate.Visible(message), inner)
{
    /// <summary>The field whose value was replaced by one that does not suit it, and what is wrong in words that begin with the field; null
    /// for other faults. Who gave the value says where it is.</summary>
    public (string Field, string Fault)? Replaced { get; private init; }

    /// <summary>A value that replaces one of a file does not suit its field.</summary>
    /// <param name="path">File whose value was replaced.</param>
    /// <param name="field">Dotted path of the field.</param>
    /// <param name="fault">What is wrong, in words that begin with the field.</param>
    /// <param name="inner">Cause.</param>
    public static InputException OfReplaced(string path, string field, string fault, Exception? inner = null) =>
        new($"{path}: {fault}", inner) { Replaced = (field, fault) };
}
