using TaalasSim.ChipModel.Languages;

namespace TaalasSim.ChipModel.Files;

/// <summary>Input the user can mend: the message is one line that says what, where and what to do. Hidden characters of what it quotes are
/// written as <c>\u001b</c>, whoever prints it.</summary>
public sealed class InputException(string message, Exception? inner = null) : Exception(NameGate.Visible(message), inner);
