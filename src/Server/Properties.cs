using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("TaalasSim.Server.Tests")]
