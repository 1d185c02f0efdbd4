using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("TaalasSim.Runtime.Tests")]
