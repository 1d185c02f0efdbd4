using System.CommandLine;

namespace TaalasSim.Cli.Options;

/// <summary>An argument that names a file or folder to write.</summary>
/// <param name="name">Name.</param>
internal sealed class OutputArgument(string name) : Argument<string>(name), IOutputSymbol;
