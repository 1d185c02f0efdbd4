namespace TaalasSim.ChipModel.Files;

/// <summary>Input the user can mend: the message is one line that says what, where and what to do.</summary>
public sealed class InputException(string message, Exception? inner = null) : Exception(message, inner);
