"""The cases that come with steppe: folders of data, one a crisis."""
