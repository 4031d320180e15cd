namespace MirrorAction.Tests; internal static class Placeholder;
